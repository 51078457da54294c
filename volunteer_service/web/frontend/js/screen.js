// The screen at the door: asks for the next code when this one ends, and for the count in between.
"use strict";

// Seconds between two looks at the count; the code itself says when it ends.
const LOOK = 5;
// Looks that may fail before the code is taken away: by then nobody can scan it any more.
const PATIENCE = 2;
// What only newer browsers have, asked for by name; the page works without.
const LOCK = "wakeLock";
const FULL = ["requestFullscreen", "webkitRequestFullscreen"];

const room = document.querySelector("[data-screen]");
const now = room.querySelector("[data-now]");
const bar = room.querySelector("[data-left]");
let ends = 0;
let step = 20;
let failed = 0;
let timer = 0;

const show = (name, is) => { room.querySelector(name).hidden = !is; };

const read = () => {
  const part = now.querySelector(".screen-now");
  step = Number(part.getAttribute("data-step"));
  ends = Date.now() + 1000 * Number(part.getAttribute("data-seconds"));
};

const fail = (isOver) => {
  failed += 1;
  if (!isOver && failed < PATIENCE) return;
  now.textContent = "";
  show("[data-ended]", isOver);
  show("[data-gone]", !isOver);
};

const look = () => {
  window.clearTimeout(timer);
  const request = new XMLHttpRequest();
  request.open("GET", room.getAttribute("data-screen"));
  request.timeout = 8000;
  request.onload = () => {
    const isPart = request.responseText.indexOf("screen-now") >= 0 && request.status === 200;
    if (isPart) {
      failed = 0;
      now.innerHTML = request.responseText;
      show("[data-ended]", false);
      show("[data-gone]", false);
      read();
    } else {
      fail(request.status < 500);
    }
    wait();
  };
  request.onerror = request.ontimeout = () => { fail(false); wait(); };
  request.send();
};

const wait = () => {
  const left = ends - Date.now();
  timer = window.setTimeout(look, left > 0 ? Math.min(left, 1000 * LOOK) : 1000 * LOOK);
};

window.setInterval(() => {
  const left = Math.max(0, ends - Date.now());
  bar.style.width = `${Math.min(100, left / step / 10)}%`;
}, 250);

// Keeps the tablet awake where the browser can; where not, the page says which setting does.
const keepAwake = () => {
  if (!(LOCK in navigator)) {
    show("[data-awake-no]", true);
    return;
  }
  navigator[LOCK].request("screen").catch(() => show("[data-awake-no]", true));
};
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") { keepAwake(); look(); }
});

const full = room.querySelector("[data-full]");
const wide = FULL.filter((name) => name in room)[0];
if (wide) {
  full.hidden = false;
  full.addEventListener("click", () => room[wide]());
}

read();
keepAwake();
wait();
