// The volunteer's own code (people/cards/personal_codes.py): drawn anew each half-minute by the phone
// itself, from a key that the page brought. Without network the shell of /c/code shows it too.
"use strict";

import { sha256 } from "js-sha256";
import qrcode from "qrcode-generator";

const KEPT = "my-code";
const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const QUIET = 4;

const room = document.querySelector("[data-my-code]");
const find = (name) => room.querySelector(`[data-${name}]`);

const given = () => {
  const key = room.getAttribute("data-key");
  if (!key) return null;
  const now = {
    key,
    begins: room.getAttribute("data-begins"),
    step: Number(room.getAttribute("data-step")),
    owner: room.getAttribute("data-owner"),
    name: room.getAttribute("data-name"),
    // The phone's clock may be wrong: by so many milliseconds.
    ahead: Date.now() - Number(room.getAttribute("data-now")),
  };
  try {
    window.localStorage.setItem(KEPT, JSON.stringify(now));
  } catch {
    // A browser that keeps nothing shows the code while the page is open.
  }
  return now;
};

const kept = () => {
  if (window.location.pathname !== "/c/code") return null;
  try {
    return JSON.parse(window.localStorage.getItem(KEPT));
  } catch {
    return null;
  }
};

// Base 32 of the first characters of what the bytes say, five bits each.
const symbols = (bytes, count) => {
  const bits = bytes.map((byte) => `0000000${byte.toString(2)}`.slice(-8)).join("");
  return Array.from({ length: count }, (_, at) => SYMBOLS[parseInt(bits.slice(5 * at, 5 * at + 5), 2)]).join("");
};

const digits = (number, places) => {
  let said = "";
  let rest = number;
  for (let place = 0; place < places; place += 1) {
    said = SYMBOLS[rest % 32] + said;
    rest = Math.floor(rest / 32);
  }
  return said;
};

const bytesOf = (hex) => hex.match(/../g).map((pair) => parseInt(pair, 16));

const codeOf = (mine, step) => {
  const mac = sha256.hmac.array(bytesOf(mine.key), String(step));
  return mine.begins + digits(step, 4) + symbols(mac, 16);
};

const draw = (text) => {
  const code = qrcode(0, "M");
  code.addData(text, "Alphanumeric");
  code.make();
  const size = code.getModuleCount();
  let path = "";
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) if (code.isDark(y, x)) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
  }
  const side = size + 2 * QUIET;
  find("picture").innerHTML = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path fill="#000" d="${path}"/></svg>`;
};

const begin = (mine) => {
  let shown = -1;
  const turn = () => {
    const seconds = (Date.now() - mine.ahead) / 1000;
    const step = Math.floor(seconds / mine.step);
    if (step !== shown) draw(codeOf(mine, step));
    shown = step;
    find("left").style.width = `${100 - (100 * (seconds - step * mine.step)) / mine.step}%`;
  };
  find("code-name").textContent = mine.name;
  room.hidden = false;
  const instead = document.querySelector("[data-no-code]");
  if (instead) instead.hidden = true;
  turn();
  window.setInterval(turn, 500);
};

const mine = given() || kept();
if (mine) begin(mine);
