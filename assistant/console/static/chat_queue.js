// What was written and is not yet on record. It is in the browser's own store before anything is sent, so that neither
// a reload nor a dead battery loses it, and leaves the store only when the server has said that it has it. A message
// has its id from the start: sent twice, by this page or another one, it is one message.
"use strict";

window.weiguang = window.weiguang ?? {};

weiguang.queue = (() => {
  const opened = new Promise((resolve) => {
    try {
      const request = indexedDB.open("weiguang", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("unsent", { keyPath: "n", autoIncrement: true });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null);
    } catch {
      resolve(null); // a browser that keeps nothing: then as long as the page is open
    }
  });
  const inMemory = [];
  let count = 0;

  async function inStore(mode, use) {
    const store = await opened;
    if (!store) return undefined;
    return new Promise((resolve, reject) => {
      const transaction = store.transaction("unsent", mode);
      const request = use(transaction.objectStore("unsent"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  const others = "BroadcastChannel" in window ? new BroadcastChannel("weiguang-unsent") : null;
  const tellOthers = () => others?.postMessage("changed");

  return {
    // an item: {id, as, text, answers, photo: {bytes, type} or null, writtenAt in ms, refused: why or null}
    async add(item) {
      try {
        if ((await inStore("readwrite", (store) => store.add(item))) === undefined) throw new Error("no store");
      } catch {
        inMemory.push({ ...item, n: `memory-${++count}` });
      }
      tellOthers();
    },
    async all(as) {
      const kept = (await inStore("readonly", (store) => store.getAll()).catch(() => null)) ?? [];
      return [...kept, ...inMemory].filter((item) => item.as === as);
    },
    async change(item, changed) {
      const at = inMemory.findIndex((each) => each.n === item.n);
      if (at >= 0) inMemory[at] = { ...item, ...changed };
      else await inStore("readwrite", (store) => store.put({ ...item, ...changed }));
      tellOthers();
    },
    async remove(item) {
      const at = inMemory.findIndex((each) => each.n === item.n);
      if (at >= 0) inMemory.splice(at, 1);
      else await inStore("readwrite", (store) => store.delete(item.n));
      tellOthers();
    },
    onOthers(react) {
      others?.addEventListener("message", react);
    },
  };
})();

// Sends what waits, oldest first, one page at a time. ``post`` gives {kind: "sent", html}, {kind: "refused", why}, or
// {kind: "wait", why, isTooSlow}: then all that follows waits too, so that the order stays. But a photo that the line was
// too slow for lets words go first: they may be what somebody's life hangs on.
weiguang.sender = ({ whose, post, onSent, onRefused, onWait }) => {
  const FIRST_WAIT = 2_000;
  const LONGEST_WAIT = 30_000;
  let isRunning = false;
  let isAskedAgain = false;
  let wait = FIRST_WAIT;
  let timer = 0;
  const tooSlow = new Set();
  // two pages of one browser: where it can, only one sends; where it can't, the server knows a repeat by its id
  const alone = (work) => (navigator.locks ? navigator.locks.request("weiguang-send", work) : work());

  async function sendAll() {
    for (;;) {
      const ready = (await weiguang.queue.all(whose())).filter((each) => !each.refused);
      const item = ready.find((each) => !each.photo || !tooSlow.has(each.id)) ?? ready[0];
      if (!item) {
        onWait(null);
        return;
      }
      const outcome = await post(item);
      if (outcome.kind === "wait") {
        if (outcome.isTooSlow) tooSlow.add(item.id);
        onWait(outcome.why);
        timer = setTimeout(flush, wait);
        wait = Math.min(wait * 2, LONGEST_WAIT);
        return;
      }
      wait = FIRST_WAIT;
      if (outcome.kind === "sent") {
        onSent(item, outcome.html);
        await weiguang.queue.remove(item);
      } else {
        await weiguang.queue.change(item, { refused: outcome.why });
        onRefused({ ...item, refused: outcome.why });
      }
    }
  }

  async function flush() {
    clearTimeout(timer);
    if (isRunning) {
      isAskedAgain = true;
      return;
    }
    isRunning = true;
    try {
      do {
        isAskedAgain = false;
        await alone(sendAll);
      } while (isAskedAgain);
    } finally {
      isRunning = false;
    }
  }
  return flush;
};
