// The leader's scanner: the camera or a photo, a hand scanner or the typed number; without this file
// the form is sent as usual. What the browser's own detector cannot read, zxing reads (loaded then).
"use strict";

// Milliseconds between two looks, and in which the same card is the same scan.
const LOOK = 120;
const SAME = 4000;
// Only newer browsers have these; asked for by name.
const DETECTOR = "BarcodeDetector";
const DEVICES = "mediaDevices";
const SHAKE = "vibrate";
const READ = "detect";
const CONTEXT = "AudioContext";

const room = document.querySelector("[data-scanner]");
const isShell = document.querySelector("[data-shell]") !== null;
const find = (name) => room.querySelector(`[data-${name}]`);
const form = find("typed").querySelector("form");
const field = form.elements.text;
const answer = find("answer");
const video = find("video");
let last = { text: "", seen: 0 };
let isBusy = false;
let isLoud = true;
let sounds = null;
let decode = null;
let loaded = null;
const canvas = document.createElement("canvas");

const fresh = () => {
  const bytes = window.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => `0${byte.toString(16)}`.slice(-2)).join("");
};

// Tones and vibration, so that nobody has to look: high and short is good, low and long is not.
const TONES = { in: [[880, 0.12]], out: [[880, 0.1], [660, 0.14]], again: [[440, 0.2]], waiting: [[660, 0.12]] };
const play = (state) => {
  if (SHAKE in window.navigator) window.navigator[SHAKE](state in TONES ? 60 : [200, 80, 200]);
  const Context = window[CONTEXT] || window[`webkit${CONTEXT}`];
  if (!isLoud || !Context) return;
  sounds = sounds || new Context();
  let at = sounds.currentTime;
  (TONES[state] || [[220, 0.45]]).forEach((tone) => {
    const oscillator = sounds.createOscillator();
    oscillator.frequency.value = tone[0];
    oscillator.connect(sounds.destination);
    oscillator.start(at);
    at += tone[1];
    oscillator.stop(at);
  });
};

const show = (html) => {
  answer.innerHTML = html;
  const part = answer.querySelector(".scanned");
  find("count").textContent = part.getAttribute("data-present");
  play(part.getAttribute("data-state"));
};

const fail = (said) => {
  const part = answer.querySelector(".scanned");
  part.setAttribute("data-state", "refused");
  part.textContent = said;
  play("refused");
};

// Scans that cannot be sent are kept with their time (kept-scans.js), amber until the server has them.
const keep = (values) => {
  const given = Object.assign({}, values);
  delete given.csrf_token;
  window.keptScans.keep(given).then((kept) => {
    const part = answer.querySelector(".scanned");
    part.setAttribute("data-state", "waiting");
    part.textContent = "";
    const add = (kind, said) => {
      const line = part.appendChild(document.createElement("p"));
      line.className = kind;
      line.textContent = said;
    };
    if (kept.name) add("scanned-name", kept.name);
    add("scanned-word", room.getAttribute("data-kept").replace("{time}", kept.readAt));
    play("waiting");
  }, () => {
    last.seen = 0;
    fail(room.getAttribute("data-no-network"));
  });
};

const send = (values) => {
  if (isShell) {
    keep(values);
    return;
  }
  isBusy = true;
  const request = new XMLHttpRequest();
  request.open("POST", `${window.location.pathname}?part=1`);
  request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
  request.timeout = 10000;
  request.onload = () => {
    isBusy = false;
    if (request.status < 500 && request.responseText.indexOf("data-state") >= 0) show(request.responseText);
    else keep(values);
  };
  request.onerror = request.ontimeout = () => {
    isBusy = false;
    keep(values);
  };
  request.send(encoded(values));
};

const encoded = (values) => Object.keys(values)
  .map((name) => `${name}=${encodeURIComponent(values[name])}`)
  .join("&");

const kind = () => {
  const chosen = form.querySelector("[name=kind]:checked");
  return chosen ? chosen.value : "";
};

const scan = (text) => {
  const now = Date.now();
  if (isBusy || (text === last.text && now - last.seen < SAME)) {
    if (text === last.text) last.seen = now;
    return;
  }
  last = { text, seen: now };
  const token = form.elements.csrf_token;
  send({ csrf_token: token ? token.value : "", scan_id: fresh(), text, kind: kind() });
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  field.value = "";
  last.seen = 0;
  if (text) scan(text);
  field.focus();
});
answer.addEventListener("submit", (event) => {
  if (!event.target.hasAttribute("data-sure")) return;
  event.preventDefault();
  const values = {};
  Array.from(event.target.elements).forEach((each) => { if (each.name) values[each.name] = each.value; });
  send(values);
});

// What reads where the browser cannot: loaded once, when first needed.
const zxing = () => {
  loaded = loaded || new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = room.getAttribute("data-decoder");
    script.onload = () => {
      const made = window.ZXingWASM;
      made.prepareZXingModule({ overrides: { locateFile: () => room.getAttribute("data-wasm") } });
      resolve((picture) => made.readBarcodes(picture, { formats: ["QRCode"], maxNumberOfSymbols: 1 })
        .then((found) => (found[0] ? found[0].text : "")));
    };
    script.onerror = reject;
    document.head.appendChild(script);
  });
  return loaded;
};

const still = () => {
  const scale = Math.min(1, 1280 / Math.max(video.videoWidth, video.videoHeight));
  canvas.width = video.videoWidth * scale;
  canvas.height = video.videoHeight * scale;
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0, canvas.width, canvas.height);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
};

const own = () => {
  const Detector = window[DETECTOR];
  if (!Detector || !Detector.getSupportedFormats) return Promise.resolve(null);
  return Detector.getSupportedFormats().then((formats) => {
    if (formats.indexOf("qr_code") < 0) return null;
    const made = new Detector({ formats: ["qr_code"] });
    return () => made[READ](video).then((found) => (found[0] ? found[0].rawValue : ""));
  });
};

const reader = () => {
  decode = decode || own().then((made) => made || zxing().then((read) => () => read(still())));
  return decode;
};

const look = () => {
  const next = () => window.setTimeout(look, LOOK);
  if (video.readyState < 2 || document.hidden) {
    next();
    return;
  }
  reader()
    .then((read) => read())
    .then((text) => { if (text) scan(text); })
    .then(next, next);
};

const torch = (track) => {
  const can = track.getCapabilities ? track.getCapabilities() : {};
  const button = find("torch");
  if (!can.torch) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    track.applyConstraints({ advanced: [{ torch: on }] });
    button.setAttribute("aria-pressed", String(on));
  });
};

const noCamera = () => { find("no-camera").hidden = false; };

const start = () => {
  const devices = window.navigator[DEVICES];
  if (!devices || !devices.getUserMedia) {
    noCamera();
    return;
  }
  devices.getUserMedia({ video: { facingMode: "environment" }, audio: false }).then((stream) => {
    video.srcObject = stream;
    find("camera").hidden = false;
    video.play();
    torch(stream.getVideoTracks()[0]);
    look();
  }, noCamera);
};

const photo = find("photo");
photo.hidden = false;
photo.querySelector("input").addEventListener("change", (event) => {
  const file = event.target.files[0];
  event.target.value = "";
  if (!file) return;
  zxing().then((read) => read(file)).then((text) => {
    last.seen = 0;
    if (text) scan(text);
    else fail(photo.getAttribute("data-none"));
  });
});

const sound = find("sound");
sound.hidden = false;
sound.addEventListener("click", () => {
  isLoud = !isLoud;
  sound.setAttribute("aria-pressed", String(isLoud));
});

start();
