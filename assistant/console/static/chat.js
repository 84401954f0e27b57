// The worker's chat. What is written goes into the queue first (chat_queue.js) and from there to the server; what the
// server has comes back as bubbles, each in its place by time. A page that was away says what it has and is given the
// rest. Opened without a line it is a shell: it knows whose chat it was, and fills itself when the line is back.
"use strict";

(() => {
  const chat = document.querySelector("[data-chat]");
  const feed = document.getElementById("feed");
  const form = document.querySelector("[data-composer]");
  const words = form.elements.text;
  const note = document.querySelector("[data-queue-note]");
  const KEPT_NAME = "weiguang-whose";
  const draft = () => `weiguang-draft-${whose}`;
  const LONGEST_POST = 30_000;

  const kept = (store, name) => {
    try {
      return store.getItem(name);
    } catch {
      return null;
    }
  };
  const keep = (store, name, value) => {
    try {
      store.setItem(name, value);
    } catch {
      // a browser that keeps nothing
    }
  };
  const newId = () =>
    crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2, 14)}`;
  const toEnd = () => feed.scrollTo({ top: feed.scrollHeight, behavior: "instant" });

  // ── whose chat it is ──
  let csrf = form.elements.csrf.value;
  let whose = chat.dataset.as;
  if ("shell" in chat.dataset) {
    const { as = "", name = "" } = JSON.parse(kept(localStorage, KEPT_NAME) ?? "{}");
    belongsTo(as, name);
  } else keep(localStorage, KEPT_NAME, JSON.stringify({ as: whose, name: nameShown().textContent }));

  function nameShown() {
    return chat.querySelector("[data-name]");
  }
  function belongsTo(as, name) {
    whose = as;
    if (name) nameShown().textContent = name;
  }

  // a new token, and whether it is still the same person; null when nobody is logged in
  async function renewPass() {
    const answer = await fetch(chat.dataset.pass, { headers: { Accept: "application/json" } });
    if (!answer.ok) return null;
    const pass = await answer.json();
    if (whose && pass.as !== whose) return null;
    belongsTo(pass.as, pass.name);
    csrf = pass.csrf;
    for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = csrf;
    return pass;
  }

  // ── bubbles ──
  const sources = new WeakMap();
  const timeOf = (element) => Date.parse(element.dataset.at);
  function isLater(one, other) {
    if (timeOf(one) !== timeOf(other)) return timeOf(one) > timeOf(other);
    return ["in", "out"].some((side) => Number(one.dataset[side]) > Number(other.dataset[side]));
  }
  for (const bubble of feed.querySelectorAll(".bubble[data-at]")) sources.set(bubble, bubble.outerHTML);

  // puts a bubble of the server's in its place; false when it stood there already
  function place(bubble) {
    const old = document.getElementById(bubble.id);
    const source = bubble.outerHTML;
    if (old && sources.get(old) === source) return false;
    const isNew = !old?.dataset.at;
    old?.remove();
    let before = feed.lastElementChild;
    while (before && (before.matches(".is-pending, .new-line") || isLater(before, bubble))) {
      before = before.previousElementSibling;
    }
    if (before) before.after(bubble);
    else feed.prepend(bubble);
    sources.set(bubble, source);
    return isNew;
  }

  // bubbles come as HTML from our own server, where every word was escaped
  function add(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const wasNearEnd = unread.isNearEnd();
    const fresh = [...template.content.querySelectorAll(".bubble")].filter(place);
    if (!fresh.length) return;
    document.getElementById("hello")?.remove();
    if (fresh.some((bubble) => bubble.matches(".theirs"))) {
      for (const tap of feed.querySelectorAll(".tap:disabled")) tap.disabled = false;
    }
    if (wasNearEnd) toEnd();
    unread.look();
  }

  const numbers = (side) => [...feed.querySelectorAll(`[data-${side}]`)].map((bubble) => Number(bubble.dataset[side]));
  const ask = (path, fields) =>
    fetch(`${path}?${new URLSearchParams({ as: whose ?? "", ...fields })}`, { headers: { Accept: "text/html" } });

  let isSomebodyElses = false; // another person has logged in in this browser meanwhile
  let isFetching = false;
  let isStale = false;
  async function fetchNews() {
    if (isFetching) {
      isStale = true;
      return;
    }
    isFetching = true;
    try {
      if ("shell" in chat.dataset && !(await renewPass())) return;
      do {
        isStale = false;
        const isFirst = !feed.querySelector(".bubble[data-at]");
        // of theirs only: an own message, placed as it goes out, would hide what was held and sent just before it
        const moments = [...feed.querySelectorAll(".theirs[data-at]")].map((bubble) => bubble.dataset.at);
        moments.sort((one, other) => Date.parse(one) - Date.parse(other));
        const answer = await ask(chat.dataset.news, {
          in: Math.max(0, ...numbers("in")),
          out: Math.max(0, ...numbers("out")),
          until: moments.at(-1) ?? "",
        });
        isSomebodyElses = answer.status === 409;
        if (!answer.ok) return;
        add(await answer.text());
        const hasMore = answer.headers.get("X-More") === "1";
        if (isFirst) {
          chat.querySelector(".earlier").hidden = !hasMore;
          toEnd();
        } else if (hasMore) isStale = true;
      } while (isStale);
    } catch {
      // the stream says when the line is back, and then asks again
    } finally {
      isFetching = false;
    }
  }

  async function fetchEarlier(button) {
    button.disabled = true;
    try {
      const lowest = (side) => Math.min(...numbers(side), Number.MAX_SAFE_INTEGER) % Number.MAX_SAFE_INTEGER;
      const answer = await ask(chat.dataset.earlier, { in: lowest("in"), out: lowest("out") });
      if (!answer.ok) return;
      const fromEnd = feed.scrollHeight - feed.scrollTop;
      add(await answer.text());
      const line = button.parentElement;
      line.hidden = answer.headers.get("X-More") !== "1";
      feed.scrollTo({ top: feed.scrollHeight - fromEnd, behavior: "instant" });
    } finally {
      button.disabled = false;
    }
  }

  // ── what waits in the browser ──
  function element(tag, className, text = "") {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  }

  async function showWaiting(item) {
    if (document.getElementById(`in-${item.id}`)?.dataset.at) return;
    let bubble = document.getElementById(`in-${item.id}`);
    if (!bubble) {
      bubble = element("div", "bubble mine is-pending");
      bubble.id = `in-${item.id}`;
      feed.append(bubble);
    }
    bubble.classList.toggle("is-failed", Boolean(item.refused));
    const state = element("p", "when", item.refused ? `没有发出去：${item.refused} ` : "正在发送……");
    if (item.refused) {
      const back = element("button", "again", "拿回来改");
      back.type = "button";
      back.addEventListener("click", async () => {
        await weiguang.queue.remove(item);
        bubble.remove();
        words.value = [item.text, words.value].filter(Boolean).join("\n");
        fit();
        words.focus();
      });
      state.append(back);
    }
    const parts = item.text ? [element("div", "text", item.text), state] : [state];
    if (item.photo) {
      const frame = element("span", "photo");
      const picture = element("img", "");
      picture.alt = "照片";
      picture.addEventListener("error", () => frame.remove()); // it was no picture
      picture.src = await weiguang.photo.addressOf(item.photo);
      frame.append(picture);
      parts.unshift(frame);
    }
    bubble.replaceChildren(...parts);
    document.getElementById("hello")?.remove();
  }

  async function showQueue() {
    const items = await weiguang.queue.all(whose);
    const ids = new Set(items.map((item) => `in-${item.id}`));
    for (const bubble of feed.querySelectorAll(".is-pending")) if (!ids.has(bubble.id)) bubble.remove();
    for (const item of items) await showWaiting(item);
  }

  // the server says so of a message that it will never take; whatever else answers may be a hotel's log-in page
  const REFUSED = new Set([400, 413]);

  // the fetch, given up after a while: a line may be there and carry nothing
  async function fetchInTime(fields) {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), LONGEST_POST);
    try {
      const headers = { Accept: "text/html", "X-CSRF-Token": csrf };
      const answer = await fetch(form.action, { method: "POST", body: fields, headers, signal: giveUp.signal });
      return { answer, text: await answer.text() };
    } finally {
      clearTimeout(timer);
    }
  }

  function fieldsOf(item) {
    const fields = new FormData();
    const waited = Math.max(0, Math.round((Date.now() - item.writtenAt) / 1000));
    for (const [name, value] of Object.entries({ id: item.id, as: item.as, text: item.text, waited })) {
      fields.set(name, value);
    }
    if (item.answers) fields.set("answers", item.answers);
    if (item.photo) fields.set("photo", weiguang.photo.blobOf(item.photo), "photo");
    return fields;
  }

  async function post(item, isSecondTry = false) {
    try {
      const { answer, text } = await fetchInTime(fieldsOf(item));
      if (answer.ok && text.includes(`id="in-${item.id}"`)) return { kind: "sent", html: text };
      if (answer.status === 403 && !isSecondTry && (await renewPass())) return post(item, true);
      if ([401, 403, 409].includes(answer.status)) return { kind: "wait", why: "login" };
      if (!REFUSED.has(answer.status)) return { kind: "wait", why: "offline" };
      const isOurs = answer.headers.get("Content-Type")?.startsWith("text/plain");
      return { kind: "refused", why: isOurs ? text : "服务器不收这条。" };
    } catch (error) {
      return { kind: "wait", why: "offline", isTooSlow: error.name === "AbortError" };
    }
  }

  function sayWaiting(found) {
    const why = found ?? (isSomebodyElses ? "login" : null);
    note.hidden = !why;
    note.replaceChildren();
    if (why === "offline") note.textContent = "现在连不上：写好的都存在这里，连上就发。";
    if (why === "login") {
      const link = element("a", "", "请重新登录");
      link.href = `/login?next=${encodeURIComponent(location.pathname)}`;
      note.append(link, "，写好的还在这里，登录后就发。");
    }
    for (const state of feed.querySelectorAll(".is-pending:not(.is-failed) .when")) {
      state.textContent = { offline: "还没发，连上就发", login: "还没发，登录后就发" }[why] ?? "正在发送……";
    }
  }

  const flush = weiguang.sender({
    whose: () => whose,
    post,
    onSent: (item, html) => add(html),
    onRefused: showWaiting,
    onWait: sayWaiting,
  });

  async function send(text, { answers = "", photo = null } = {}) {
    const item = { id: newId(), as: whose, text, answers, photo, writtenAt: Date.now(), refused: null };
    await weiguang.queue.add(item);
    await showWaiting(item);
    toEnd();
    flush();
  }

  // ── the composer ──
  const chosen = document.querySelector("[data-chosen]");
  const preview = document.querySelector("[data-preview]");
  let photo = null;

  async function choose(file) {
    photo = file ? await weiguang.photo.shrink(file) : null;
    form.elements.photo.value = "";
    chosen.hidden = !photo;
    if (photo) preview.src = await weiguang.photo.addressOf(photo);
    words.focus();
  }
  function fit() {
    words.style.height = "auto";
    words.style.height = `${Math.min(words.scrollHeight, 160)}px`;
    keep(sessionStorage, draft(), words.value);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = words.value.trim();
    if (!text && !photo) return;
    if (!whose) {
      sayWaiting("login"); // a browser that has forgotten whose chat it was: the words stay where they are
      return;
    }
    send(text, { photo });
    words.value = "";
    choose(null);
    fit();
  });
  form.elements.photo.addEventListener("change", () => choose(form.elements.photo.files[0] ?? null));
  document.querySelector("[data-drop-photo]").addEventListener("click", () => choose(null));
  words.addEventListener("input", fit);
  words.addEventListener("keydown", (event) => {
    // Enter while choosing characters belongs to the input method
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  feed.addEventListener("click", (event) => {
    const more = event.target.closest("[data-more]");
    if (more) fetchEarlier(more);
    const tap = event.target.closest("[data-tap]");
    if (!tap) return;
    // a second tap before the answer is here is a slip of the finger
    for (const each of tap.parentElement.querySelectorAll(".tap")) each.disabled = true;
    send(tap.dataset.tap, { answers: tap.dataset.answers });
  });
  for (const example of document.querySelectorAll("[data-example]")) {
    example.addEventListener("click", () => {
      words.value = example.textContent;
      fit();
      words.focus();
    });
  }

  const unread = weiguang.unread(feed, () => whose);
  // whoever reads the newest goes on reading it when a keyboard or a picture takes room away
  let isAtEnd = true;
  feed.addEventListener("scroll", () => (isAtEnd = unread.isNearEnd()), { passive: true });
  new ResizeObserver(() => isAtEnd && toEnd()).observe(feed);
  const catchUp = () => fetchNews().then(flush);
  document.body.addEventListener("changed", catchUp);
  addEventListener("online", catchUp);
  weiguang.queue.onOthers(showQueue);
  words.value = kept(sessionStorage, draft()) ?? "";
  if (words.value) fit();
  toEnd();
  unread.look();
  feed.querySelector(".new-line")?.scrollIntoView({ block: "start", behavior: "instant" });
  showQueue().then(() => {
    if (feed.querySelector(".is-pending")) toEnd();
    flush();
  });

  const worker = document.querySelector("meta[name=worker]");
  if (worker) navigator.serviceWorker?.register(worker.content, { scope: "/chat" }).catch(() => {});
})();
