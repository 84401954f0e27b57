// What came while nobody looked: a line above it, how many in the page's title, and a button that leads there.
"use strict";

window.weiguang = window.weiguang ?? {};

weiguang.unread = (feed, whose) => {
  const note = document.querySelector(".unread");
  const button = document.querySelector("[data-to-new]");
  const tabCount = document.querySelector("[data-chat-count]");
  const title = document.title;
  const key = () => `weiguang-seen-${whose()}`;
  const at = (bubble) => Date.parse(bubble.dataset.at);
  const theirs = () => [...feed.querySelectorAll(".bubble.theirs[data-at]")];
  const newest = () => Math.max(0, ...theirs().map(at));
  let seenHere = 0; // where the browser keeps nothing

  function seen() {
    try {
      return Math.max(seenHere, Number(localStorage.getItem(key())) || 0);
    } catch {
      return seenHere;
    }
  }
  function seeUntil(moment) {
    seenHere = Math.max(seenHere, moment);
    try {
      localStorage.setItem(key(), String(Math.max(moment, seen())));
    } catch {
      // seen for as long as the page is open
    }
  }

  const isNearEnd = () => feed.scrollHeight - feed.scrollTop - feed.clientHeight < 90;
  const isLookedAt = () => document.visibilityState === "visible" && feed.offsetParent !== null && isNearEnd();

  function markFrom(bubble) {
    let line = feed.querySelector(".new-line");
    if (!line) {
      line = document.createElement("p");
      line.className = "new-line";
      line.textContent = "以下是新消息";
    }
    bubble.before(line);
  }

  function say(count) {
    document.title = count ? `(${count}) ${title}` : title;
    note.hidden = !count;
    button.textContent = `${count} 条新消息 ↓`;
    if (tabCount) tabCount.textContent = count || "";
    (count ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.())?.catch(() => {});
  }

  let isFirstLook = true;
  function look() {
    if (!seen()) seeUntil(newest() || 1);
    const since = seen();
    const fresh = theirs().filter((bubble) => at(bubble) > since);
    const isLooked = isLookedAt();
    if (fresh.length && (isFirstLook || !isLooked)) markFrom(fresh[0]);
    isFirstLook = false;
    if (isLooked) seeUntil(newest());
    say(isLooked ? 0 : fresh.length);
  }

  button.addEventListener("click", () => {
    const line = feed.querySelector(".new-line");
    feed.scrollTo({ top: line ? line.offsetTop - feed.offsetTop - 12 : feed.scrollHeight });
    feed.focus({ preventScroll: true });
    seeUntil(newest());
    say(0);
  });
  feed.addEventListener("scroll", look, { passive: true });
  document.addEventListener("visibilitychange", look);
  document.addEventListener("click", () => setTimeout(look));
  addEventListener("storage", (event) => event.key === key() && look());
  return { look, isNearEnd };
};
