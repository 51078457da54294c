// Workbooks go up piece by piece and go on where a cut line left them (tus 1.0.0). Without this file
// the plain form is sent as usual; what is uploaded is handed in with that same form.
"use strict";

// Bytes of a piece: below what the server takes of a body without asking.
const PIECE = 96 * 1024;
// Seconds without a sign of life after which a line counts as cut.
const PATIENCE = 60;
// Seconds before each further try; then the button goes on.
const WAITS = [1, 2, 5].concat(Array(40).fill(15));
const VERSION = "1.0.0";

const box = document.getElementById("uploading");
const input = document.getElementById("f-files");
const form = input && input.form;

const say = (title, more, isOver) => {
  box.querySelector("[data-said]").textContent = title;
  const why = box.querySelector("[data-why]");
  why.hidden = !more;
  why.textContent = more || "";
  box.querySelector("[data-again]").parentElement.hidden = !isOver;
};

class Cut extends Error {}

// One request; a cut line is a Cut, a refusal an Error with its sentence.
const ask = (method, url, fields, body, onSent) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  request.open(method, url);
  request.timeout = PATIENCE * 1000;
  const said = Object.assign({ "Tus-Resumable": VERSION, "X-CSRFToken": form.elements.csrf_token.value }, fields);
  Object.keys(said).forEach((name) => request.setRequestHeader(name, said[name]));
  if (onSent) request.upload.onprogress = (event) => onSent(event.loaded);
  request.onerror = request.ontimeout = request.onabort = () => reject(new Cut());
  request.onload = () => {
    const status = request.status;
    if (status >= 500 && status !== 507) reject(new Cut());
    // The page to sign in, or a form that has expired: nothing of this address.
    else if (!request.getResponseHeader("Tus-Resumable")) reject(new Error(box.dataset.out));
    else if (status === 409) reject(new Cut());
    else if (status >= 400) reject(Object.assign(new Error(request.responseText), { status }));
    else resolve(request);
  };
  request.send(body);
});

// Where an upload of this very file was begun, in this browser.
const remembered = (file) => `upload:${file.name}:${file.size}:${file.lastModified}`;
const remember = (file, url) => {
  try {
    if (url) localStorage.setItem(remembered(file), url);
    else localStorage.removeItem(remembered(file));
  } catch {
    // A full or forbidden store: this file begins anew after a reload.
  }
};
const placeOf = (file) => {
  try {
    return localStorage.getItem(remembered(file));
  } catch {
    return null;
  }
};

const begin = async (file) => {
  const name = btoa(unescape(encodeURIComponent(file.name)));
  const fields = { "Upload-Length": file.size, "Upload-Metadata": `filename ${name}` };
  const url = (await ask("POST", box.dataset.url, fields)).getResponseHeader("Location");
  remember(file, url);
  return { url, offset: 0 };
};
const soFar = async (file) => {
  const url = placeOf(file);
  if (!url) return begin(file);
  try {
    return { url, offset: Number((await ask("HEAD", url)).getResponseHeader("Upload-Offset")) };
  } catch (error) {
    if (error.status !== 404) throw error;
    return begin(file);
  }
};

// A file that was changed or moved since it was chosen cannot be read any more.
const readable = (piece) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result);
  reader.onerror = () => reject(new Error(box.dataset.unreadable));
  reader.readAsArrayBuffer(piece);
});

const sendPieces = async (file, onSent, onWay) => {
  const begun = await soFar(file);
  const url = begun.url;
  let offset = begun.offset;
  onSent(offset);
  while (offset < file.size) {
    const from = offset;
    const piece = await readable(file.slice(from, from + PIECE));
    const fields = { "Upload-Offset": from, "Content-Type": "application/offset+octet-stream" };
    const answer = await ask("PATCH", url, fields, piece, (sent) => onSent(from + sent));
    offset = Number(answer.getResponseHeader("Upload-Offset"));
    onSent(offset);
    onWay();
  }
  return url.split("/").pop();
};

const send = async (file, onSent) => {
  const title = box.dataset.sending.replace("{name}", file.name);
  let tries = 0;
  for (;;) {
    say(title);
    try {
      return await sendPieces(file, onSent, () => { tries = 0; });
    } catch (error) {
      if (!(error instanceof Cut)) throw error;
      if (tries === WAITS.length) throw new Error(box.dataset.waiting);
      say(title, box.dataset.waiting);
      const seconds = WAITS[tries];
      tries += 1;
      await new Promise((resolve) => {
        setTimeout(resolve, seconds * 1000);
        window.addEventListener("online", resolve, { once: true });
      });
    }
  }
};

const sendAll = async () => {
  const files = Array.from(input.files);
  const all = files.reduce((sum, file) => sum + file.size, 0);
  const bar = box.querySelector("progress");
  let done = 0;
  const keys = [];
  for (const file of files) {
    keys.push(await send(file, (sent) => { bar.value = (100 * (done + sent)) / all; }));
    done += file.size;
  }
  keys.forEach((key) => {
    const hidden = form.appendChild(document.createElement("input"));
    hidden.type = "hidden";
    hidden.name = "uploads";
    hidden.value = key;
  });
  files.forEach((file) => remember(file, null));
  input.disabled = true;
  form.submit();
};

const start = () => {
  form.dataset.sent = "yes";
  box.hidden = false;
  box.scrollIntoView({ block: "nearest" });
  sendAll().catch((error) => {
    say(box.dataset.stopped, error.message, true);
    delete form.dataset.sent;
  });
};

if (form && window.FileReader) {
  form.addEventListener("submit", (event) => {
    if (!input.files.length || form.dataset.sent) return;
    event.preventDefault();
    start();
  });
  box.querySelector("[data-again]").addEventListener("click", start);
}
