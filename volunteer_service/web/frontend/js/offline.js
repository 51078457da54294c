// The shell that stands for a page of check-in without network: says what is kept, and gives way as
// soon as the page itself can be had.
"use strict";

const PAGE = location.href;
// The code, or the event: a leader ticks on several pages of one event.
const placeOf = (url) => new URL(url).pathname.split("/").slice(0, 3).join("/");
// A leader (/e/) is told other words than who checks in (/c/).
const door = placeOf(PAGE).split("/")[1];
const kept = () => {
  try {
    return (JSON.parse(localStorage.getItem("waiting-taps")) || []).filter((tap) => placeOf(tap.page) === placeOf(PAGE));
  } catch {
    return [];
  }
};

// taps.js puts the answer into this window: then there is no shell any more.
const isShown = () => document.querySelector("[data-shell]") !== null;

const say = () => {
  const is = kept().length > 0 ? "yes" : "no";
  for (const part of document.querySelectorAll("[data-kept], [data-door]")) {
    const given = part.dataset;
    part.hidden = (given.kept || is) !== is || (given.door || door) !== door;
  }
};

const back = async () => {
  if (!isShown()) return;
  try {
    await fetch(PAGE, { credentials: "same-origin", cache: "no-store" });
  } catch {
    return;
  }
  // What is kept is sent first, by taps.js; what was refused is read first.
  const isRead = document.querySelector("main > .notice-bad") === null;
  if (isShown() && kept().length === 0 && isRead) location.reload();
};

say();
window.addEventListener("online", back);
setInterval(back, 10000);
