// A tap without network is kept with its time and sent when the network is back (check-in,
// check-out, the leader's tick). Without this file the plain form is sent as ever.
"use strict";

const words = document.currentScript.dataset;
const KEY = "waiting-taps";
const SECONDS = 15;
let pressed = null;
let busy = false;

const read = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || [];
  } catch {
    return [];
  }
};
const write = (taps) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(taps));
    return true;
  } catch {
    return false;
  }
};
const same = (tap) => (other) => other.fields.scan_id === tap.fields.scan_id;
const forget = (tap) => write(read().filter((other) => !same(tap)(other)));
const isTap = (form) => /^\/(c\/[^/]+|e\/\d+\/ticks)$/.test(new URL(form.action).pathname);
const clock = (tap) => {
  const when = new Date(tap.tapped);
  return `${String(when.getHours()).padStart(2, "0")}:${String(when.getMinutes()).padStart(2, "0")}`;
};

// One notice for each tap at the top of the page, in words of the page's language.
const tell = (tap, kind, text, more) => {
  const id = `tap-${tap.fields.scan_id}`;
  const box = document.getElementById(id) || document.createElement("div");
  box.id = id;
  box.className = `notice notice-${kind}`;
  box.setAttribute("role", kind === "bad" ? "alert" : "status");
  box.textContent = "";
  const body = box.appendChild(document.createElement("div"));
  const title = body.appendChild(document.createElement("p"));
  title.className = "notice-title";
  title.textContent = text.replace("{time}", clock(tap));
  if (more) body.appendChild(more);
  const main = document.getElementById("main");
  if (!box.parentNode) main.insertBefore(box, main.firstChild);
};
const line = (text) => {
  const p = document.createElement("p");
  p.textContent = text;
  return p;
};
const link = (text, href) => {
  const p = document.createElement("p");
  const a = p.appendChild(document.createElement("a"));
  a.textContent = text;
  a.href = href;
  return p;
};

// An answer within some seconds; a broken line, a server in trouble or an old token is none.
const ask = async (url, options) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), SECONDS * 1000);
  try {
    const given = { credentials: "same-origin", signal: stop.signal, cache: "no-store" };
    const answer = await fetch(url, Object.assign(given, options));
    if (answer.status >= 500 || answer.status === 429 || answer.status === 400) throw new Error(answer.status);
    const html = await answer.text();
    const page = new DOMParser().parseFromString(html, "text/html");
    const known = page.querySelector("script[data-who]");
    // A hotel's or a telephone company's own page is no answer of ours.
    if (!known) throw new Error("not ours");
    return { url: answer.url, ok: answer.ok, html, page, who: known.dataset.who };
  } finally {
    clearTimeout(timer);
  }
};

// The token of a form may be old by now, and somebody else may be signed in.
const send = async (tap) => {
  const now = await ask(tap.page);
  if (now.who !== tap.who) return { held: now.who ? "other" : "out" };
  const body = new URLSearchParams();
  for (const name of Object.keys(tap.fields)) body.set(name, tap.fields[name]);
  const token = now.page.querySelector('input[name="csrf_token"]');
  body.set("csrf_token", token ? token.value : "");
  body.set("tapped_at", new Date(tap.tapped).toISOString());
  body.set("sent_at", new Date().toISOString());
  const answer = await ask(tap.action, { method: "POST", body, referrer: tap.page });
  return answer.who === tap.who ? answer : { held: "out" };
};

const show = (tap, answer) => {
  if (tap.page === location.href) {
    // What the form would have shown: the sentence of a refusal is told this once only.
    history.replaceState(null, "", answer.url);
    document.open();
    document.write(answer.html);
    document.close();
    return;
  }
  const bad = answer.page.querySelector("main .notice-bad");
  const said = bad || answer.page.querySelector("main .notice");
  const kind = bad || !answer.ok ? "bad" : "ok";
  tell(tap, kind, kind === "ok" ? words.sent : words.refused, line(said ? said.textContent.trim() : ""));
};

const waits = (tap) => tell(tap, "warn", words.waits, line(words.stay));
const held = (tap, how) =>
  tell(tap, "warn", words[how], how === "out" ? link(words.signIn, "/sign-in") : null);

const one = async (tap) => {
  try {
    const answer = await send(tap);
    if (answer.held) {
      held(tap, answer.held);
      return;
    }
    forget(tap);
    show(tap, answer);
  } catch {
    waits(tap);
  }
};

const all = async () => {
  if (busy) return;
  busy = true;
  for (const tap of read()) await one(tap);
  busy = false;
};

document.addEventListener("click", (event) => {
  pressed = event.target.closest && event.target.closest("button");
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !isTap(form) || !words.who) return;
  const fields = {};
  for (const input of form.querySelectorAll("input[name]")) fields[input.name] = input.value;
  if (pressed && pressed.form === form && pressed.name) fields[pressed.name] = pressed.value;
  if (!fields.kind || !fields.scan_id) return;
  const tap = { fields, action: form.action, page: location.href, who: words.who, tapped: Date.now() };
  // A phone that keeps nothing sends the plain form.
  if (!write(read().concat(tap))) return;
  event.preventDefault();
  all();
});

// The shell that the worker shows without network (worker.js): the same for everybody, nothing of
// anybody's; laid by anew each day, and where files or the reader's switches changed. Gone with the
// worker once nobody is signed in here.
const SHELL = "/c/offline";
const CACHE = "check-in";
const DAY = 86400000;
const shown = document.querySelector("[data-shell]") !== null;
const canKeep = window.isSecureContext && "serviceWorker" in navigator && "caches" in window;

const isFresh = async () => {
  const old = await caches.match(SHELL);
  if (!old || !(Date.now() - Date.parse(old.headers.get("date")) < DAY)) return false;
  const html = await old.text();
  const root = document.documentElement;
  const theme = document.querySelector('meta[name="color-scheme"]').content;
  const files = [...document.querySelectorAll('link[rel="stylesheet"], script[src]')];
  const named = files.map((part) => part.getAttribute("href") || part.getAttribute("src"));
  const marks = named.concat(`lang="${root.lang}"`, `content="${theme}"`);
  return marks.every((mark) => html.includes(mark)) && html.includes('data-text="large"') === (root.dataset.text === "large");
};
const layBy = async () => {
  if (await isFresh()) return;
  const answer = await fetch(SHELL, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.clone().text(), "text/html");
  const named = page.querySelectorAll("link[href], script[src], use[href]");
  const files = [...named].map((part) => (part.getAttribute("href") || part.getAttribute("src")).split("#")[0]);
  const wanted = [...new Set(files.filter((file) => file.startsWith("/static/")))];
  const cache = await caches.open(CACHE);
  await cache.addAll(wanted);
  await cache.put(SHELL, answer);
  const keep = [SHELL].concat(wanted).map((path) => new URL(path, location.href).href);
  for (const request of await cache.keys()) if (!keep.includes(request.url)) await cache.delete(request);
};
const clear = async () => {
  await caches.delete(CACHE);
  for (const each of await navigator.serviceWorker.getRegistrations()) {
    if (new URL(each.scope).pathname === "/c/") await each.unregister();
  }
};
const attend = async () => {
  if (!canKeep || shown) return;
  try {
    if (!words.who) {
      await clear();
    } else if (/^\/c\/[^/]+$/.test(location.pathname)) {
      await navigator.serviceWorker.register("/c/worker.js", { scope: "/c/", updateViaCache: "none" });
      await layBy();
    }
  } catch {
    // Without it a reload shows the browser's own page, as in older browsers.
  }
};
attend();

for (const tap of read()) waits(tap);
all();
window.addEventListener("online", all);
setInterval(all, 20000);
