// Builds volunteer_service/web/frontend into web/static for the oldest browsers; node build.mjs.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { buildSync } from "esbuild";
import { transform } from "lightningcss";
import postcss from "postcss";
import flexGap from "./flex_gap.mjs";
import mathGuard from "./math_guard.mjs";
import { ESBUILD, LIGHTNING, WITH_LIBRARY } from "./targets.mjs";

const WEB = new URL("../../volunteer_service/web/", import.meta.url);

function styles() {
  const [from, to] = folders("css");
  for (const filename of readdirSync(from).filter((name) => name.endsWith(".css"))) {
    const source = readFileSync(new URL(filename, from), "utf8");
    const { css } = postcss([flexGap, mathGuard]).process(source, { from: filename });
    const built = transform({ filename, code: Buffer.from(css), targets: LIGHTNING, minify: true });
    writeFileSync(new URL(filename, to), built.code);
  }
}

function scripts() {
  const [from, to] = folders("js");
  const names = readdirSync(from).filter((name) => name.endsWith(".js"));
  const build = (these, more) => buildSync({
    entryPoints: these.map((name) => new URL(name, from).pathname),
    outdir: to.pathname,
    bundle: true,
    format: "iife",
    minify: true,
    target: ESBUILD,
    logLevel: "warning",
    ...more,
  });
  build(names.filter((name) => !WITH_LIBRARY.has(name)), {});
  // esbuild counts an old bug of Safari in rare patterns against all destructuring.
  build(names.filter((name) => WITH_LIBRARY.has(name)), { supported: { destructuring: true } });
}

function folders(kind) {
  const to = new URL(`static/${kind}/`, WEB);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  return [new URL(`frontend/${kind}/`, WEB), to];
}

styles();
scripts();
