// Checks a certificate's code with the published keys, on this phone alone: nothing is sent. The page
// is cached, so that it opens without network (worker.js).
"use strict";

const room = document.querySelector("[data-paper-check]");
const keys = JSON.parse(room.getAttribute("data-keys"));
const words = JSON.parse(room.getAttribute("data-words"));
const form = room.querySelector("form");
const field = form.elements.text;
const answer = room.querySelector("[data-answer]");
const CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
// The part of the library, by name: no browser has it.
const DETACHED = "detached";
const SIGNATURE = 64;
// The newest format of a code that this page reads.
const FORMAT = Number(room.getAttribute("data-format"));

// RFC 9285; null where no bytes are written so.
const unpacked = (text) => {
  const bytes = [];
  for (let at = 0; at < text.length; at += 3) {
    const values = text.slice(at, at + 3).split("").map((char) => CHARS.indexOf(char));
    const size = values.length - 1;
    const number = values.reduce((sum, value, place) => sum + value * Math.pow(45, place), 0);
    if (!size || values.indexOf(-1) >= 0 || number >= Math.pow(256, size)) return null;
    if (size === 2) bytes.push(number >> 8);
    bytes.push(number & 255);
  }
  return new Uint8Array(bytes);
};

const raw = (base64) => new Uint8Array(window.atob(base64).split("").map((char) => char.charCodeAt(0)));

// What a code says, not yet believed; null where it is none of ours.
const read = (given) => {
  const text = given.trim();
  if (text.indexOf("VS1:") !== 0 || text.slice(-1) !== ".") return null;
  const bytes = unpacked(text.slice(4, -1));
  if (!bytes || bytes.length <= SIGNATURE) return null;
  try {
    const signed = bytes.slice(SIGNATURE);
    const said = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(signed));
    const names = words.fields[said[2]];
    if (!names || said.length !== names.length + 4) return null;
    return { said, names, signed, proof: bytes.slice(0, SIGNATURE) };
  } catch {
    return null;
  }
};

const outcome = (found) => {
  if (found.said[0] > FORMAT) return "newer";
  const key = keys.filter((each) => each.number === found.said[1] && each.public_key)[0];
  if (!key) return "unknown_key";
  if (!window.nacl.sign[DETACHED].verify(found.signed, found.proof, raw(key.public_key))) return "forged";
  return key.revoked_from ? "key_revoked" : "genuine";
};

const add = (to, kind, said) => {
  const part = to.appendChild(document.createElement(kind));
  part.textContent = said;
  return part;
};

const show = (text) => {
  const found = read(text);
  const state = found ? outcome(found) : "nothing";
  answer.textContent = "";
  const notice = answer.appendChild(document.createElement("div"));
  notice.className = `notice notice-${state === "genuine" ? "ok" : "bad"}`;
  notice.setAttribute("data-state", state);
  add(notice, "p", words.said[state].replace("{key}", found ? String(found.said[1]) : ""));
  if (state !== "genuine") return;
  add(notice, "p", words.later);
  const list = answer.appendChild(document.createElement("dl"));
  list.className = "defs";
  const line = (term, value) => {
    const pair = list.appendChild(document.createElement("div"));
    add(pair, "dt", term);
    add(pair, "dd", value);
  };
  line(words.names.number, found.said[3]);
  found.names.forEach((name, place) => {
    const value = found.said[place + 4];
    if (words.names[name]) line(words.names[name], name === "minutes" ? (value / 60).toFixed(1) : String(value));
  });
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  show(field.value);
});

// A photo of the paper: of its two codes the one with the signature.
let loaded = null;
const decoder = () => {
  loaded = loaded || new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = room.getAttribute("data-decoder");
    script.onload = () => {
      window.ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => room.getAttribute("data-wasm") } });
      resolve((picture) => window.ZXingWASM.readBarcodes(picture, { formats: ["QRCode"], maxNumberOfSymbols: 8 }));
    };
    script.onerror = reject;
    document.head.appendChild(script);
  });
  return loaded;
};
const photo = room.querySelector("[data-photo]");
photo.hidden = false;
photo.querySelector("input").addEventListener("change", (event) => {
  const file = event.target.files[0];
  event.target.value = "";
  if (!file) return;
  decoder()
    .then((look) => look(file))
    .then((codes) => codes.map((code) => code.text).filter((text) => text.indexOf("VS1:") === 0)[0] || "")
    .then((text) => {
      field.value = text;
      show(text);
    }, () => show(""));
});

// The page itself, and all that it needs, each time it was had from the network.
const SHELL = "/v/offline";
const CACHE = "paper-check";
const layBy = async () => {
  if (!window.isSecureContext || !("serviceWorker" in navigator) || !("caches" in window)) return;
  try {
    await navigator.serviceWorker.register("/v/worker.js", { scope: "/v/", updateViaCache: "none" });
    const page = await fetch(SHELL, { credentials: "same-origin", cache: "no-store" });
    if (!page.ok || page.redirected) return;
    const named = [...document.querySelectorAll('link[href^="/static/"], script[src], use[href]')];
    const files = named.map((part) => (part.getAttribute("href") || part.getAttribute("src")).split("#")[0]);
    const wanted = [...new Set(files.concat(room.getAttribute("data-decoder"), room.getAttribute("data-wasm")))];
    const cache = await caches.open(CACHE);
    await cache.addAll(wanted);
    await cache.put(SHELL, page);
    const keep = [SHELL].concat(wanted).map((path) => new URL(path, location.href).href);
    for (const request of await cache.keys()) if (!keep.includes(request.url)) await cache.delete(request);
    room.querySelector("[data-laid-by]").hidden = false;
  } catch {
    // Without network it is cached already, or cannot be.
  }
};
layBy();
