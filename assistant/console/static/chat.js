// The worker's chat. A message has its id before it leaves, so that sending it again is no second message; it is kept
// on the page until the server has said that it has it.
"use strict";

(() => {
  const feed = document.getElementById("feed");
  const form = document.querySelector("[data-composer]");
  const words = form.elements.text;
  const token = form.elements.csrf.value;

  const newId = () =>
    crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2, 14)}`;
  const toEnd = () => (feed.scrollTop = feed.scrollHeight);
  const highest = (name) =>
    Math.max(0, ...[...feed.querySelectorAll(`[data-${name}]`)].map((bubble) => Number(bubble.dataset[name])));

  function fit() {
    words.style.height = "auto";
    words.style.height = `${Math.min(words.scrollHeight, 160)}px`;
  }

  // bubbles come as HTML from our own server, where every word was escaped
  function add(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    let isNew = false;
    for (const bubble of template.content.querySelectorAll(".bubble")) {
      const old = document.getElementById(bubble.id);
      if (old) old.replaceWith(bubble);
      else {
        feed.append(bubble);
        isNew = true;
      }
    }
    if (isNew) {
      document.getElementById("hello")?.remove();
      toEnd();
    }
  }

  let isFetching = false;
  let isStale = false;
  async function fetchNews() {
    if (isFetching) {
      isStale = true;
      return;
    }
    isFetching = true;
    try {
      do {
        isStale = false;
        const query = new URLSearchParams({ after_in: highest("in"), after_out: highest("out") });
        const answer = await fetch(`${feed.dataset.news}?${query}`, { headers: { Accept: "text/html" } });
        if (answer.ok) add(await answer.text());
      } while (isStale);
    } catch {
      // the stream says when the line is back, and then asks again
    } finally {
      isFetching = false;
    }
  }

  function pending(id, text) {
    const bubble = document.createElement("div");
    bubble.className = "bubble mine is-pending";
    bubble.id = `in-${id}`;
    const said = document.createElement("div");
    said.className = "text";
    said.textContent = text;
    const state = document.createElement("p");
    state.className = "when";
    state.textContent = "正在发送……";
    bubble.append(said, state);
    document.getElementById("hello")?.remove();
    feed.append(bubble);
    toEnd();
    return bubble;
  }

  function failed(bubble, id, text, answers, why) {
    bubble.classList.add("is-failed");
    const state = bubble.querySelector(".when");
    state.textContent = `${why} `;
    const again = document.createElement("button");
    again.type = "button";
    again.className = "again";
    again.textContent = "再发一次";
    again.addEventListener("click", () => {
      bubble.remove();
      send(text, answers, id);
    });
    state.append(again);
  }

  async function send(text, answers, id = newId()) {
    const bubble = pending(id, text);
    const fields = new URLSearchParams({ id, text, csrf: token });
    if (answers) fields.set("answers", answers);
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "text/html" } });
      if (answer.ok) add(await answer.text());
      else failed(bubble, id, text, answers, answer.status === 403 ? await answer.text() : "没有发出去。");
    } catch {
      failed(bubble, id, text, answers, "没有发出去。");
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = words.value.trim();
    if (!text) return;
    words.value = "";
    fit();
    send(text);
  });
  words.addEventListener("input", fit);
  words.addEventListener("keydown", (event) => {
    // Enter while choosing characters belongs to the input method
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  feed.addEventListener("click", (event) => {
    const tap = event.target.closest("[data-tap]");
    if (tap) send(tap.dataset.tap, tap.dataset.answers);
  });
  for (const example of document.querySelectorAll("[data-example]")) {
    example.addEventListener("click", () => {
      words.value = example.textContent;
      fit();
      words.focus();
    });
  }
  document.body.addEventListener("changed", fetchNews);
  toEnd();
})();
