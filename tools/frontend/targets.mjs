// The oldest browsers that people hold: elders' phones, and the view that WeChat brings along.
export const OLDEST = { chrome: 70, safari_ios: 12 };
export const ESBUILD = ["chrome70", "ios12"];
export const LIGHTNING = { chrome: 70 << 16, ios_saf: 12 << 16 };
// True where one of them lacks `gap` in a flex row; of one age with it: Chromium 87, iOS 14.5.
export const WITHOUT_FLEX_GAP = "not (inset: 0)";

// Scripts around a library, whose own property names the lint takes for newer features. Where one is
// too new for the oldest browsers, the page keeps what it shows without script. They are not linted.
export const WITH_LIBRARY = new Set(["charts.js", "kept-scans.js", "my-code.js", "signed-out.js"]);
