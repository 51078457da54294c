// What the built files ask of a browser, held against MDN's browser data.
//   node old_browsers.mjs lint        says what the oldest browsers lack, and fails
//   node old_browsers.mjs strip FILE  writes a style sheet as they understand it
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "acorn";
import { full } from "acorn-walk";
import bcd from "@mdn/browser-compat-data" with { type: "json" };
import postcss from "postcss";
import selectors from "postcss-selector-parser";
import values from "postcss-value-parser";
import { OLDEST, WITHOUT_FLEX_GAP, WITH_LIBRARY } from "./targets.mjs";

const STATIC = new URL("../../volunteer_service/web/static/", import.meta.url);
// Ornament: a page without them reads and works the same. Anything else has to have a fallback.
const ORNAMENT = new Set([
  "text-wrap", "text-underline-offset", "text-decoration-thickness", "accent-color",
  "text-size-adjust", "clip-path", "break-inside", "overflow-wrap", ":focus-visible",
  "::file-selector-button", "::-moz-progress-bar", "::selection", "@page", "break-after", "color-scheme", "cursor",
  "font-display", "resize",
]);

const plain = (css) => css.replace(/\s+/g, "");
const has = (compat) => Object.entries(OLDEST).every(([browser, oldest]) => {
  const said = [compat.support[browser]].flat();
  return said.some(({ version_added: since, version_removed: until, prefix, alternative_name: other, flags }) =>
    !prefix && !other && !flags && since && since !== "preview" && parseFloat(since.replace("≤", "")) <= oldest
    && (!until || parseFloat(until) > oldest));
});
const lacks = (entry) => entry?.__compat && !has(entry.__compat);

// Names of what a declaration asks for and the oldest browsers lack.
function lackingIn({ prop, value }) {
  if (prop.startsWith("-")) prop = prop.startsWith("--") ? "" : null;
  if (prop === null) return [];
  const known = bcd.css.properties[prop];
  const found = lacks(known) ? [prop] : [];
  values(value).walk((node) => {
    if (node.type === "function" && node.value !== "var") {
      if (deep(bcd.css.types, node.value)) found.push(`${node.value}()`);
    } else if (node.type === "word") {
      const unit = values.unit(node.value)?.unit;
      if (unit && (lacks(bcd.css.types.length[unit]) || /^[sld]v/.test(unit))) found.push(unit);
      if (lacks(known?.[node.value])) found.push(`${prop}: ${node.value}`);
    }
  });
  return found;
}

function deep(types, name) {
  return lacks(types[name]) || Object.values(types).some((type) => lacks(type[name]));
}

function lackingInSelector(selector) {
  const found = [];
  selectors((root) => root.walkPseudos((pseudo) => {
    if (lacks(bcd.css.selectors[pseudo.value.replace(/^:+/, "")])) found.push(pseudo.value);
  })).processSync(selector);
  if (selector.includes("&")) found.push("nesting");
  return found;
}

function lackingInAtRule({ name, params }) {
  if (name === "media" && /[<>]/.test(params)) return ["media range"];
  if (name === "import" && /layer|supports/.test(params)) return ["import condition"];
  return lacks(bcd.css["at-rules"][name]) || !bcd.css["at-rules"][name] ? [`@${name}`] : [];
}

// As the oldest browser answers it: true, false.
function supports(params) {
  if (plain(params) === plain(WITHOUT_FLEX_GAP)) return true;
  const [, prop, value] = /^\(\s*([\w-]+)\s*:\s*(.*)\)$/.exec(params) ?? [];
  return prop ? lackingIn({ prop, value }).length === 0 : false;
}

const isRow = (rule) => rule.nodes.some(({ prop, value }) => prop === "display" && /flex/.test(value));

// Takes out what the oldest browsers do not take in; `say` hears of each.
export function strip(root, say = () => {}) {
  root.walkAtRules((rule) => {
    if (rule.name === "supports") {
      if (supports(rule.params)) rule.replaceWith(rule.nodes);
      else rule.remove();
      return;
    }
    const lacking = lackingInAtRule(rule);
    if (!lacking.length) return;
    if (!lacking.every((one) => ORNAMENT.has(one))) say(rule, lacking);
    rule.remove();
  });
  const without = new Set();
  root.walkDecls("gap", ({ value, parent }) => {
    if (value === "0") parent.selectors?.forEach((one) => without.add(plain(one)));
  });
  root.walkRules((rule) => {
    const lacking = lackingInSelector(rule.selector);
    if (lacking.length) {
      if (!lacking.every((one) => ORNAMENT.has(one))) say(rule, lacking);
      rule.remove();
      return;
    }
    rule.walkDecls((decl) => {
      const found = lackingIn(decl);
      if (found.length) {
        const prefixed = rule.some((node) => node.prop === `-webkit-${decl.prop}`);
        if (!prefixed && !ORNAMENT.has(decl.prop)) say(decl, found);
        decl.remove();
      }
    });
    if (isRow(rule)) rule.walkDecls("gap", (decl) => {
      if (decl.value !== "0" && !rule.selectors.every((one) => without.has(plain(one)))) say(decl, ["gap in a flex row"]);
      decl.remove();
    });
  });
  return root;
}

// Members that no interface of the oldest browsers has: `requestSubmit`, `replaceAll`, ...
function members() {
  const known = new Map();
  for (const group of [bcd.api, bcd.javascript.builtins]) {
    for (const owner of Object.values(group)) {
      for (const [name, entry] of Object.entries(owner)) {
        if (entry.__compat) known.set(name, known.get(name) || has(entry.__compat));
      }
    }
  }
  return known;
}

function lintScript(file, said) {
  const known = members();
  const tree = parse(readFileSync(file, "utf8"), { ecmaVersion: 2019, sourceType: "script" });
  full(tree, (node) => {
    if (node.type === "MemberExpression" && !node.computed && known.get(node.property.name) === false) {
      said.push(node.property.name);
    }
    if (node.type === "CallExpression" && lacks(bcd.api[node.callee.name] ?? bcd.api.Window[node.callee.name])) {
      said.push(node.callee.name);
    }
    if (node.type === "NewExpression" && lacks(bcd.api[node.callee.name] ?? bcd.javascript.builtins[node.callee.name])) {
      said.push(node.callee.name);
    }
  });
}

// Asked for with `?.` in the source: it is there or nothing happens.
const OPTIONAL_MEMBERS = new Set(["submitter"]);

function lint(folder) {
  const wrong = [];
  for (const name of readdirSync(new URL("css/", folder))) {
    const root = postcss.parse(readFileSync(new URL(`css/${name}`, folder), "utf8"));
    strip(root, (node, lacking) => wrong.push(`${name}: ${lacking.join(", ")} in ${(node.parent?.selector ?? "") || node.selector || node.name} ${node.prop ?? ""}`));
  }
  for (const name of readdirSync(new URL("js/", folder))) {
    if (WITH_LIBRARY.has(name)) continue;
    const said = [];
    try { lintScript(new URL(`js/${name}`, folder), said); } catch (error) { said.push(error.message); }
    wrong.push(...said.filter((one) => !OPTIONAL_MEMBERS.has(one)).map((one) => `${name}: ${one}`));
  }
  return wrong;
}

const [command, file] = process.argv.slice(2);
if (command === "strip") {
  process.stdout.write(strip(postcss.parse(readFileSync(file, "utf8"))).toString());
} else if (command === "lint") {
  const wrong = lint(file ? new URL(`file://${file}/`) : STATIC);
  for (const one of wrong) console.log(one);
  process.exit(wrong.length ? 1 : 0);
}
