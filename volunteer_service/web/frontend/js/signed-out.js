// Once nobody is signed in, the names that a scanner took along go (kept-scans.js); scans that wait
// to be sent stay.
"use strict";

import { del } from "idb-keyval";

const hasScanned = () => {
  try {
    return window.localStorage.getItem("gate-who") !== null;
  } catch {
    return false;
  }
};

if (hasScanned()) del("gate-names").catch(() => {});
