// Lets the chat open without a line: keeps the page's shell, which shows nobody's messages, and what it is made of.
// Whatever is on record is always asked of the server. Another version has another address, and keeps its shell anew.
"use strict";

const CACHE = `weiguang-${new URL(self.location).searchParams.get("v")}`;
const PAGE = "/chat";
const SHELL = "/chat/shell";
// a line that is there but leads nowhere: after so long the shell is opened, in ms
const LONGEST_WAIT = 6_000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      const shell = await fetch(SHELL, { cache: "no-store" });
      if (!shell.ok) throw new Error("no shell");
      const html = await shell.clone().text();
      const parts = [...new Set(html.match(/\/static\/[^"'\s]+/g))].map((part) => part.replaceAll("&amp;", "&"));
      await cache.addAll(parts);
      await cache.put(SHELL, shell);
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("weiguang-") && name !== CACHE) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  );
});

async function pageOrShell(request) {
  try {
    const answer = await Promise.race([
      fetch(request),
      new Promise((_, reject) => setTimeout(() => reject(new Error("too slow")), LONGEST_WAIT)),
    ]);
    if (answer.status < 500) return answer;
  } catch {
    // no line: the shell
  }
  return (await caches.match(SHELL)) ?? Response.error();
}

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== self.location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate" && pathname === PAGE) event.respondWith(pageOrShell(event.request));
  else if (pathname.startsWith("/static/")) {
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
  }
});
