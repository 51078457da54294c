// The worker of the check-in pages (/c/), of a leader's pages of an event (/e/) and of checking papers (/v/): without network it
// shows the shell that taps.js has cached, so that a reload is no browser's error page. Everything
// else is the network's alone.
"use strict";

const SHELL = "/c/offline";
// A leader's scanner goes on without network: its own shell keeps what is scanned.
const SCANNER = "/e/scanner/offline";
// A certificate is checked by its code without network too.
const PAPER = "/v/offline";
const isPaper = (request) => new URL(request.url).pathname.startsWith("/v/");
const isScanner = (request) => /^\/e\/\d+\/scanner$/.test(new URL(request.url).pathname);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// What a plain form sends is never said to be kept: only taps.js keeps it.
const isPage = (request) => request.mode === "navigate" && request.method === "GET";
const isFile = (request) => request.method === "GET" && new URL(request.url).pathname.startsWith("/static/");

const laidBy = async (key, error) => {
  const found = await caches.match(key);
  if (found) return found;
  throw error;
};

const shellFor = async (request, error) => {
  const own = isScanner(request) ? SCANNER : isPaper(request) && PAPER;
  const found = own ? await caches.match(own) : undefined;
  return found || laidBy(SHELL, error);
};

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (isPage(request)) event.respondWith(fetch(request).catch((error) => shellFor(request, error)));
  else if (isFile(request)) event.respondWith(fetch(request).catch((error) => laidBy(request, error)));
});
