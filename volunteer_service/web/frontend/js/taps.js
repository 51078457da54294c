// A tap without network is kept with its time and sent when the network is back (check-in,
// check-out, the leader's tick). Without this file the plain form is sent as usual.
"use strict";

const words = document.currentScript.dataset;
const KEY = "waiting-taps";
const SECONDS = 15;
let pressed = null;
let busy = false;
let again = false;
// Once an answer has taken this window, its own copy of this file goes on.
let gone = false;

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
const isTap = (form) => /^\/(c\/[^/]+|e\/\d+\/(ticks|gate))$/.test(new URL(form.action).pathname);
const clock = (tap) => {
  const when = new Date(tap.tapped);
  return `${String(when.getHours()).padStart(2, "0")}:${String(when.getMinutes()).padStart(2, "0")}`;
};

// Notices at the top of the page, in words of the page's language.
const tell = (id, kind, text, ...more) => {
  const box = document.getElementById(id) || document.createElement("div");
  box.id = id;
  box.className = `notice notice-${kind}`;
  box.setAttribute("role", kind === "bad" ? "alert" : "status");
  box.textContent = "";
  const body = box.appendChild(document.createElement("div"));
  const title = body.appendChild(document.createElement("p"));
  title.className = "notice-title";
  title.textContent = text;
  for (const part of more) body.appendChild(part);
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

// How many of a kind, in one notice: a leader may have ticked thirty people.
const counted = (name, kind, taps, ...more) => {
  const text = taps.length === 1 ? words[name].replace("{time}", clock(taps[0])) : words[`${name}Many`].replace("{n}", taps.length);
  tell(`taps-${name}`, kind, text, ...more);
};

// Why a tap is not sent though the network is there: nobody, or somebody else, is signed in.
const holds = {};
const sent = [];
const isOf = (tap, form) => {
  const whose = form.querySelector('input[name="volunteer_id"]');
  return isTap(form) && new URL(form.action).pathname === new URL(tap.action).pathname && (whose ? whose.value : "") === (tap.fields.volunteer_id || "");
};
const mark = (tap) => {
  for (const form of document.forms) {
    if (!isOf(tap, form) || form.querySelector("[data-kept-tap]")) continue;
    for (const button of form.querySelectorAll("button")) {
      button.disabled = true;
      button.removeAttribute("aria-busy");
    }
    const badge = form.appendChild(document.createElement("span"));
    badge.className = "badge badge-warn";
    badge.dataset.keptTap = tap.fields.scan_id;
    badge.textContent = words.kept.replace("{time}", clock(tap));
  }
};
// Amber until it is sent: at the top of the page, and where it was tapped.
const showWaiting = () => {
  const taps = read();
  for (const name of ["waits", "out", "other"]) {
    const some = taps.filter((tap) => (holds[tap.fields.scan_id] || "waits") === name);
    const old = document.getElementById(`taps-${name}`);
    if (!some.length && old) old.remove();
    const more = { waits: () => line(words.stay), out: () => link(words.signIn, "/sign-in") }[name];
    if (some.length) counted(name, "warn", some, ...(more ? [more()] : []));
  }
  for (const badge of document.querySelectorAll("[data-kept-tap]")) {
    if (taps.some((tap) => tap.fields.scan_id === badge.dataset.keptTap)) continue;
    for (const button of badge.parentNode.querySelectorAll("button")) button.disabled = false;
    badge.remove();
  }
  taps.forEach(mark);
};

// Whom a tick was about, as the answer names them: names are not kept on the phone.
const named = (tap, page) => {
  const rows = [...page.querySelectorAll('input[name="volunteer_id"]')].filter((input) => input.value === tap.fields.volunteer_id);
  const row = rows.length ? rows[0].closest("tr, .card") : null;
  const name = row && row.querySelector(".cell-main, .card-title");
  return name ? [line(name.textContent.trim())] : [];
};
const show = (tap, answer, isOnly) => {
  if (isOnly) {
    // What the form would have shown: the sentence of a refusal is told this once only.
    gone = true;
    history.replaceState(null, "", answer.url);
    document.open();
    document.write(answer.html);
    document.close();
    return;
  }
  const bad = answer.page.querySelector("main .notice-bad");
  if (bad || !answer.ok) {
    const said = bad ? [line(bad.textContent.trim())] : [];
    tell(`tap-${tap.fields.scan_id}`, "bad", words.refused.replace("{time}", clock(tap)), ...named(tap, answer.page), ...said);
  } else {
    sent.push(tap);
    const said = answer.page.querySelector("main .notice");
    counted("sent", "ok", sent, ...(said && sent.length === 1 ? [line(said.textContent.trim())] : []));
  }
  const old = document.getElementById("roster");
  const fresh = answer.page.getElementById("roster");
  if (old && fresh) old.replaceWith(fresh);
};

// Whether the server could be reached: without it the others wait for the next turn too.
const one = async (tap, isOnly) => {
  try {
    const answer = await send(tap);
    delete holds[tap.fields.scan_id];
    if (answer.held) {
      holds[tap.fields.scan_id] = answer.held;
      return true;
    }
    forget(tap);
    show(tap, answer, isOnly);
    return true;
  } catch (error) {
    return !["TypeError", "AbortError"].includes(error.name);
  }
};

const all = async () => {
  if (busy || gone) return;
  busy = true;
  again = false;
  const here = (tap) => tap.page === location.href;
  const isOnly = read().filter(here).length === 1;
  for (const tap of read()) {
    const isReached = await one(tap, isOnly && here(tap));
    if (gone) return;
    showWaiting();
    if (!isReached) break;
  }
  busy = false;
  if (again) all();
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
  if (!write(read().filter((other) => !same(tap)(other)).concat(tap))) return;
  event.preventDefault();
  if (busy) {
    again = true;
    showWaiting();
  }
  all();
});

// The shell that the worker shows without network (worker.js): the same for everybody, nothing of
// anybody's; cached anew each day, and where files or the reader's switches changed. Gone with the
// workers once nobody is signed in here. Each worker's address is its scope.
const SHELL = "/c/offline";
const SCOPES = { "/c/": /^\/c\/[^/]+$/, "/e/": /^\/e\/\d+\/(manage|gate|newcomer|scanner)$/ };
const CACHE = "check-in";
// What kept-scans.js stores.
const GATE = "gate";
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
  await caches.delete(GATE);
  for (const each of await navigator.serviceWorker.getRegistrations()) {
    if (new URL(each.scope).pathname in SCOPES) await each.unregister();
  }
};
// The key of somebody's own code goes with them (my-code.js).
const forgetCode = () => {
  try {
    const own = JSON.parse(localStorage.getItem("my-code"));
    if (own && own.owner !== words.who) localStorage.removeItem("my-code");
  } catch {
    // Nothing can be kept here, so nothing is.
  }
};
if (!shown) forgetCode();
const attend = async () => {
  if (!canKeep || shown) return;
  try {
    const scope = Object.keys(SCOPES).find((each) => SCOPES[each].test(location.pathname));
    if (!words.who) {
      await clear();
    } else if (scope) {
      await navigator.serviceWorker.register(`${scope}worker.js`, { scope, updateViaCache: "none" });
      await layBy();
    }
  } catch {
    // Without it a reload shows the browser's own page, as in older browsers.
  }
};
attend();

showWaiting();
all();
window.addEventListener("online", all);
setInterval(all, 20000);
