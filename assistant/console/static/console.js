// Small helps of the console's pages: how long an alarm has been running, ticking every second.
"use strict";

(() => {
  const say = (seconds) => {
    const minutes = Math.floor(seconds / 60);
    if (minutes < 1) return `${seconds}秒`;
    if (minutes < 60) return `${minutes}分${String(seconds % 60).padStart(2, "0")}秒`;
    if (minutes < 1440) return `${Math.floor(minutes / 60)}小时${minutes % 60}分`;
    return `${Math.floor(minutes / 1440)}天`;
  };

  // counted by the server's clock: the page's own may be wrong
  let ahead = 0;
  function setClock() {
    const told = document.querySelector("[data-now]");
    if (told) ahead = Date.parse(told.dataset.now) - Date.now();
  }
  function tick() {
    for (const each of document.querySelectorAll("[data-since]")) {
      const seconds = Math.max(0, Math.floor((Date.now() + ahead - Date.parse(each.dataset.since)) / 1000));
      each.textContent = say(seconds);
    }
  }
  document.body.addEventListener("htmx:afterSwap", () => {
    setClock();
    tick();
  });
  setClock();
  tick();
  setInterval(tick, 1000);
})();
