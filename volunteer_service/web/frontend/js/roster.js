// The roster of a leader: asks every few seconds whether somebody came or left, and shows it.
"use strict";

const EVERY = 10000;

// Asked for anew each time: a tap that was kept without network brings another one.
const part = () => document.querySelector("[data-roster]");

const version = () => part().querySelector("[data-version]").getAttribute("data-version");

// Whoever writes a reason, has ticked lines, or a tap that waits for the network, keeps the lines as
// they are.
const isInUse = (roster) => roster.querySelector("details[open], [data-kept-tap], [name=line]:checked") !== null
  || (roster.contains(document.activeElement) && document.activeElement.tagName === "INPUT");

const look = () => {
  const roster = part();
  if (!roster || document.hidden || isInUse(roster)) return;
  const before = version();
  const url = roster.getAttribute("data-roster");
  const request = new XMLHttpRequest();
  const joint = url.indexOf("?") < 0 ? "?" : "&";
  request.open("GET", `${url}${joint}seen=${encodeURIComponent(before)}`);
  request.timeout = 8000;
  request.onload = () => {
    const isRoster = request.status === 200 && request.responseText.indexOf("data-version") >= 0;
    // A tap may have brought newer lines meanwhile.
    if (isRoster && !isInUse(part()) && version() === before) part().innerHTML = request.responseText;
  };
  request.send();
};

window.setInterval(look, EVERY);
