// Keeps an open page up to date: one event stream, on which "changed" means that something on record has moved.
// Nothing of what changed comes through it; each part of the page then fetches what it shows.
"use strict";

(() => {
  const body = document.body;
  const offline = document.querySelector("[data-offline]");
  const announcer = document.querySelector("[data-announce]");

  function changed() {
    body.dispatchEvent(new CustomEvent("changed"));
  }

  function listen() {
    const source = new EventSource(body.dataset.stream);
    source.addEventListener("open", () => {
      offline.hidden = true;
      changed(); // what happened while nobody listened
    });
    source.addEventListener("changed", changed);
    source.addEventListener("error", () => {
      offline.hidden = false;
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
    });
    addEventListener("pagehide", () => source.close(), { once: true });
    addEventListener("pageshow", (event) => event.persisted && listen(), { once: true });
  }

  function seenHouseholds() {
    const cards = document.querySelectorAll("[data-list] [data-household]");
    return new Map([...cards].map((card) => [card.dataset.household, card.dataset.newest]));
  }

  function showUrgentCount() {
    const count = document.querySelector("[data-urgent-count]");
    const list = document.querySelector("[data-list]");
    if (!count || !list) return;
    const urgent = Number(list.dataset.urgent);
    count.textContent = urgent ? `紧急 ${urgent}` : "";
  }

  // what is new since the last look is lit up for a moment, and told to those who listen to the page
  let seen = seenHouseholds();
  let scrolled = 0;
  body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.matches("[data-list]")) scrolled = event.detail.target.scrollTop;
  });
  body.addEventListener("htmx:afterSwap", () => {
    const list = document.querySelector("[data-list]");
    if (!list) return;
    list.scrollTop = scrolled;
    const fresh = [...list.querySelectorAll("[data-household]")].filter(
      (card) => seen.get(card.dataset.household) !== card.dataset.newest,
    );
    for (const card of fresh) card.classList.add("is-new");
    if (fresh.length) {
      const named = fresh.map((card) => {
        const severity = card.querySelector(".sev-name, .small-sev")?.textContent ?? "";
        return `${severity}：${card.querySelector(".door").textContent.trim()}`;
      });
      if (announcer) announcer.textContent = `清单有更新，${named.join("；")}`;
      if (fresh.some((card) => card.classList.contains("sev-P0"))) list.scrollTop = 0;
    }
    seen = seenHouseholds();
    showUrgentCount();
  });

  function tabs() {
    const all = [...document.querySelectorAll("[role=tab]")];
    const show = (chosen) => {
      for (const tab of all) {
        const isChosen = tab === chosen;
        tab.setAttribute("aria-selected", String(isChosen));
        tab.tabIndex = isChosen ? 0 : -1;
        document.getElementById(tab.getAttribute("aria-controls")).classList.toggle("is-behind", !isChosen);
      }
    };
    all.forEach((tab, at) => {
      tab.addEventListener("click", () => show(tab));
      tab.addEventListener("keydown", (event) => {
        if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
        const next = all[(at + 1) % all.length];
        show(next);
        next.focus();
      });
    });
    if (all.length) show(all[0]);
  }

  tabs();
  showUrgentCount();
  if (body.dataset.stream) listen();
})();
