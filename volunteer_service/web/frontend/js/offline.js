// The shell that stands for a check-in page without network: says what is kept, and gives way as
// soon as the page itself can be had.
"use strict";

const PAGE = location.href;
const kept = () => {
  try {
    return (JSON.parse(localStorage.getItem("waiting-taps")) || []).filter((tap) => tap.page === PAGE);
  } catch {
    return [];
  }
};

// taps.js puts the answer into this window: then there is no shell any more.
const isShown = () => document.querySelector("[data-shell]") !== null;

const say = () => {
  for (const part of document.querySelectorAll("[data-kept]")) {
    part.hidden = (part.dataset.kept === "yes") !== kept().length > 0;
  }
};

const back = async () => {
  if (!isShown()) return;
  try {
    await fetch(PAGE, { credentials: "same-origin", cache: "no-store" });
  } catch {
    return;
  }
  // What is kept is sent first, by taps.js.
  if (isShown() && kept().length === 0) location.reload();
};

say();
window.addEventListener("online", back);
setInterval(back, 10000);
