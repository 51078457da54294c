// What a leader's scanner reads without network: kept in IndexedDB with its time, over reloads and
// closed tabs, and sent in its order, in batches, when the network is back. Amber until the server
// answered; what the server refused stays on the page until somebody has read it.
"use strict";

import { del, get, set, update } from "idb-keyval";

const KEY = "gate-scans";
const WHO = "gate-who";
const NAMES = "gate-names";
const CACHE = "gate";
const SHELL = "/e/scanner/offline";
const PAGE = window.location.pathname;
const SECONDS = 15;
// As many as the server takes at once (`scanner.MOST_KEPT`): one clock tells the order of all.
const BATCH = 50;

const isShell = document.querySelector("[data-shell]") !== null;
const box = document.querySelector("[data-kept-scans]");
const find = (name) => box.querySelector(`[data-${name}]`);
const known = document.querySelector("script[data-who]").getAttribute("data-who");
let isSending = false;
let isHeld = false;

const change = (how) => update(KEY, (old) => how(old || []));
const here = () => get(KEY).then((all) => (all || []).filter((scan) => scan.page === PAGE));
const without = (id) => change((all) => all.filter((scan) => scan.id !== id));
const leader = () => {
  try {
    if (known) window.localStorage.setItem(WHO, known);
    return known || window.localStorage.getItem(WHO) || "";
  } catch {
    return known;
  }
};
const clock = (at) => {
  const when = new Date(at);
  return `${`0${when.getHours()}`.slice(-2)}:${`0${when.getMinutes()}`.slice(-2)}`;
};

const lineOf = (scan) => {
  const line = document.createElement("li");
  line.className = "notice notice-bad";
  // A typed number says whose scan it was; a card's code says nothing to people.
  const { text } = scan.values;
  const whose = text.length <= 20 ? ` ${text}` : "";
  line.appendChild(document.createElement("p")).textContent = `${clock(scan.tapped)}${whose} ${scan.said}`;
  const button = line.appendChild(document.createElement("button"));
  button.type = "button";
  button.className = "button button-quiet";
  button.textContent = find("answered").getAttribute("data-close");
  button.addEventListener("click", () => without(scan.id).then(show));
  return line;
};
const show = async () => {
  const scans = await here();
  const waiting = scans.filter((scan) => !scan.said).length;
  const told = find("waiting");
  told.hidden = waiting === 0;
  told.textContent = told.getAttribute(isHeld ? "data-out" : "data-one").replace("{n}", waiting);
  const list = find("answered");
  list.textContent = "";
  scans.filter((scan) => scan.said).forEach((scan) => list.appendChild(lineOf(scan)));
  box.hidden = scans.length === 0;
};

// An answer within some seconds; a broken line or a server in trouble is none.
const ask = async (url, options) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), SECONDS * 1000);
  try {
    const given = { credentials: "same-origin", cache: "no-store", signal: stop.signal };
    const answer = await fetch(url, Object.assign(given, options));
    if (!answer.ok) throw new Error(answer.status);
    return { text: await answer.text(), type: answer.headers.get("content-type") || "" };
  } finally {
    clearTimeout(timer);
  }
};
// Who is signed in now, and the token of their forms.
const signed = async () => {
  const page = new DOMParser().parseFromString((await ask(PAGE)).text, "text/html");
  const script = page.querySelector("script[data-who]");
  if (!script) throw new Error("not ours");
  const token = page.querySelector("input[name=csrf_token]");
  return { who: script.getAttribute("data-who"), token: token ? token.value : "" };
};
// A batch in its order, with the clock of this phone: the server corrects it.
const post = async (scans, token) => {
  const batch = scans.map((scan) => ({
    scan_id: scan.id,
    text: scan.values.text,
    kind: scan.values.kind || null,
    is_sure: Boolean(scan.values.is_sure),
    tapped_at: new Date(scan.tapped).toISOString(),
  }));
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const body = JSON.stringify({ sent_at: new Date().toISOString(), scans: batch });
  const answer = await ask(`${PAGE}/kept`, { method: "POST", headers, body });
  if (answer.type.indexOf("application/json") !== 0) throw new Error("not ours");
  return JSON.parse(answer.text);
};
// What was entered is done with; all else stays, with what the server said to it.
const settle = (done) => change((all) => all.reduce((kept, scan) => {
  const told = done.scans.filter((each) => each.scan_id === scan.id)[0];
  if (!told) return kept.concat(scan);
  if (told.state === "in" || told.state === "out") return kept;
  return kept.concat(Object.assign({}, scan, { said: told.said || find("answered").getAttribute("data-gone") }));
}, []));
const tellClock = (skew) => {
  const told = find("clock");
  told.hidden = !skew;
  if (skew) told.textContent = told.getAttribute(skew > 0 ? "data-fast" : "data-slow").replace("{n}", Math.abs(skew));
};

const sendAll = async (now) => {
  for (;;) {
    const waiting = (await here()).filter((scan) => !scan.said);
    isHeld = waiting.length > 0 && waiting[0].who !== now.who;
    if (!waiting.length || isHeld) return;
    const other = waiting.findIndex((scan) => scan.who !== now.who);
    const done = await post(waiting.slice(0, other < 0 ? BATCH : Math.min(other, BATCH)), now.token);
    await settle(done);
    document.querySelector("[data-count]").textContent = done.present;
    tellClock(done.skew);
    await show();
  }
};
const send = async () => {
  if (isShell || isSending) return;
  isSending = true;
  try {
    if ((await here()).some((scan) => !scan.said)) await sendAll(await signed());
  } catch {
    // Without an answer all of it stays, for the next turn.
  } finally {
    isSending = false;
    await show();
  }
};

// The shell that the worker shows in place of this page, with what it needs; of nobody.
const layBy = async () => {
  if (isShell || !window.isSecureContext || !("caches" in window)) return;
  const answer = await fetch(SHELL, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.clone().text(), "text/html");
  const named = Array.from(page.querySelectorAll("link[rel=stylesheet], script[src]"));
  const room = page.querySelector("[data-scanner]");
  const files = named.map((part) => (part.getAttribute("href") || part.getAttribute("src")).split("#")[0]);
  const wanted = files.concat(room.getAttribute("data-decoder"), room.getAttribute("data-wasm"));
  const cache = await caches.open(CACHE);
  await cache.addAll(wanted.filter((file) => file.indexOf("/static/") === 0));
  await cache.put(SHELL, answer);
};
// The names of who is expected, each sealed with a key from its card (names_taken_along.py), so that
// this phone alone tells nobody's. Of one event at a time, for one day, for who took them.
const CARD = /(?:^|\/K\/)([0-9A-HJKMNP-TV-Z]{26})$/;
const DAY = 86400000;
const NAMES_EVERY = 300000;
const crypt = window.isSecureContext && window.crypto ? window.crypto.subtle : null;
const bytes = (text) => new TextEncoder().encode(text);

const takeNames = async () => {
  const url = document.querySelector("[data-scanner]").getAttribute("data-names");
  document.querySelector("[data-no-names]").hidden = Boolean(crypt);
  if (!crypt || !url) return;
  const answer = await fetch(url, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) return;
  const told = await answer.json();
  await set(NAMES, { page: PAGE, who: leader(), taken: Date.now(), names: told.names });
};
// The masked name of a card without network; empty where it was not taken along.
const nameOf = async (text) => {
  const card = CARD.exec(text.trim().toUpperCase());
  const taken = card && crypt ? await get(NAMES) : null;
  if (!taken || taken.page !== PAGE || taken.who !== leader()) return "";
  if (Date.now() - taken.taken > DAY) {
    await del(NAMES);
    return "";
  }
  const digest = new Uint8Array(await crypt.digest("SHA-256", bytes(card[1])));
  const sealed = taken.names[Array.from(digest, (byte) => `0${byte.toString(16)}`.slice(-2)).join("")];
  if (!sealed) return "";
  const packed = Uint8Array.from(window.atob(sealed), (char) => char.charCodeAt(0));
  const base = await crypt.importKey("raw", bytes(card[1]), "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: bytes("volunteer_service/card-name") };
  const key = await crypt.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  const opened = await crypt.decrypt({ name: "AES-GCM", iv: packed.slice(0, 12) }, key, packed.slice(12));
  return new TextDecoder().decode(opened).trim();
};
// The shell gives way as soon as the page itself can be had.
const back = async () => {
  try {
    await signed();
    window.location.reload();
  } catch {
    // Still no network.
  }
};

window.keptScans = {
  // Keeps a scan with the time of now; a browser that keeps nothing says so by its failure.
  keep: (values) => {
    const scan = { id: values.scan_id, page: PAGE, who: leader(), values, tapped: Date.now() };
    const named = nameOf(values.text).catch(() => "");
    const kept = change((all) => all.concat(scan)).then(show);
    return Promise.all([named, kept]).then((done) => ({ name: done[0], readAt: clock(scan.tapped) }));
  },
};

// Opened by its own address it stands for no event.
const turn = PAGE === SHELL ? show : isShell ? back : send;
leader();
show().then(turn);
layBy().catch(() => {});
takeNames().catch(() => {});
window.addEventListener("online", turn);
window.setInterval(turn, isShell ? 10000 : 20000);
// Cards are printed and people sign up while the page stays open.
window.setInterval(() => takeNames().catch(() => {}), NAMES_EVERY);
