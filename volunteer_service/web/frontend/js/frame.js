// Comfort only: every page works without this file.
"use strict";

const hide = (form, name, value) => {
  const input = form.appendChild(document.createElement("input"));
  input.type = "hidden";
  input.name = name;
  input.value = value;
};

// A form with large files is not read once the session has ended: then it goes without them, and its
// words are kept over the sign-in. The names of the files go along, to say which to choose again.
const LARGE = 96 * 1024;
const chosenIn = (form) => Array.from(form.querySelectorAll("input[type=file]"));
const bytesOf = (form) => {
  let bytes = 0;
  for (const input of chosenIn(form)) for (const file of input.files) bytes += file.size;
  return bytes;
};
const sendAsIsRead = async (form, button) => {
  try {
    const page = form.elements.page_of_form?.value || location.href;
    const answer = await fetch(page, { method: "HEAD", redirect: "manual" });
    if (answer.type === "opaqueredirect") {
      for (const input of chosenIn(form)) {
        for (const file of input.files) hide(form, input.name, file.name);
        input.disabled = true;
      }
    }
  } catch {
    // The line is down: the browser says so.
  }
  if (button.name) hide(form, button.name, button.value);
  form.submit();
};

// Without network a form stays as it is, instead of the browser's error page. Taps that have a number
// of their own are kept and sent by taps.js.
const words = document.currentScript.dataset;
const told = document.createElement("div");
told.className = "notice notice-warn";
told.tabIndex = -1;
told.setAttribute("role", "alert");
told.textContent = words.noNetwork;
const stays = (event) => {
  if (event.defaultPrevented || navigator.onLine || event.target.elements.scan_id) return false;
  event.preventDefault();
  const main = document.getElementById("main");
  main.insertBefore(told, main.firstChild);
  told.focus();
  return true;
};
window.addEventListener("online", () => told.remove());

// One press, one request: a second tap on a slow line must not send the form again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || stays(event)) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  if (event.submitter && form.enctype === "multipart/form-data" && bytesOf(form) > LARGE) {
    event.preventDefault();
    sendAsIsRead(form, event.submitter);
  }
});
// Coming back with the browser's own button shows the page as it was left.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

for (const button of document.querySelectorAll("[data-step]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const input = button.parentElement.querySelector("input");
    if (button.dataset.step > 0) input.stepUp();
    else input.stepDown();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// Too large a file is told before it is sent, while what was typed is still there.
for (const input of document.querySelectorAll("input[data-most]")) {
  input.addEventListener("change", () => {
    let bytes = 0;
    for (const file of input.files) bytes += file.size;
    input.setCustomValidity(bytes > Number(input.dataset.most) ? input.dataset.tooLarge : "");
  });
}

// How many are ticked, on the button that sends them; none is nothing to send.
for (const count of document.querySelectorAll("[data-ticks]")) {
  const button = count.closest("button");
  button.form.addEventListener("change", () => {
    const n = button.form.querySelectorAll("input[type=checkbox]:checked").length;
    count.textContent = n;
    button.disabled = n === 0;
  });
}

// The key «/» goes to the search field that is shown, unless something is being typed.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  for (const field of document.querySelectorAll("[data-find]")) {
    if (field.offsetParent === null) continue;
    event.preventDefault();
    field.focus();
    return;
  }
});

document.querySelector(".notice-bad[tabindex]")?.focus();

// While work runs, fetch the page again and exchange its live parts; when they end, show it anew.
const every = Number(document.querySelector('meta[name="refresh-live"]')?.content);
const refresh = async () => {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelectorAll("[data-live]");
    const shown = document.querySelectorAll("[data-live]");
    if (!page.querySelector('meta[name="refresh-live"]') || fresh.length !== shown.length) {
      location.replace(answer.url);
      return;
    }
    shown.forEach((part, i) => part.replaceWith(fresh[i]));
  } catch {
    // The line is down for a moment: the next turn tries again.
  }
  setTimeout(refresh, every * 1000);
};
if (every > 0) setTimeout(refresh, every * 1000);
