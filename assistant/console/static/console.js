// Small helps of the console's pages: how long an alarm has been running, ticking every second; choosing many lines.
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

  function countChosen() {
    for (const form of document.querySelectorAll("[data-choose]")) {
      const boxes = [...form.querySelectorAll("input[name=household]")];
      const chosen = boxes.filter((box) => box.checked).length;
      const told = form.querySelector("[data-chosen]");
      if (told) told.textContent = chosen ? ` ${chosen} 户` : "";
      form.querySelector(".bulk")?.classList.toggle("is-in-use", chosen > 0);
    }
  }
  document.body.addEventListener("change", (event) => {
    const form = event.target.closest("[data-choose]");
    if (!form) return;
    if (event.target.matches("[data-choose-all]")) {
      for (const box of form.querySelectorAll("input[name=household]")) box.checked = event.target.checked;
    }
    countChosen();
  });

  // a link to be passed on; where the browser lends no clipboard (plain http) it is marked, ready to be copied by hand
  async function copy(button) {
    const told = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(told.textContent);
      button.textContent = "复制好了";
    } catch {
      getSelection().selectAllChildren(told);
      button.textContent = "已选中，请按 Ctrl+C";
    }
  }
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }

  document.body.addEventListener("htmx:afterSwap", () => {
    setClock();
    tick();
    countChosen();
  });
  setClock();
  tick();
  setInterval(tick, 1000);
})();
