// Gives a flex row margins where the browser does not know `gap` there (Chromium 84, iOS 14.5).
import { WITHOUT_FLEX_GAP } from "./targets.mjs";

// A PostCSS plugin. A rule that sets a gap only is taken for a row if its selector is one elsewhere.
export default function flexGap() {
  return {
    postcssPlugin: "flex-gap",
    Once(root, { AtRule, Rule }) {
      const rows = facts(root);
      const written = [];
      root.walkRules((rule) => void written.push(rule));
      for (const rule of written) {
        const gap = last(rule, "gap");
        const kinds = rule.selectors.map((selector) => rows.get(selector));
        if (gap === undefined || !kinds.some((kind) => /flex/.test(kind?.display))) continue;
        const guard = new AtRule({ name: "supports", params: WITHOUT_FLEX_GAP });
        rule.selectors.forEach((selector, i) => guard.append(...margins(Rule, selector, gap, kinds[i])));
        rule.after(guard);
      }
    },
  };
}
flexGap.postcss = true;

function facts(root) {
  const rows = new Map();
  root.walkRules((rule) => {
    for (const selector of rule.selectors) {
      const known = rows.get(selector) ?? {};
      for (const [name, prop] of [["display", "display"], ["wrap", "flex-wrap"], ["direction", "flex-direction"]]) {
        // «display: none» in a media query hides a row; it does not make it something else.
        const value = last(rule, prop);
        if (value && value !== "none") known[name] ??= value;
      }
      rows.set(selector, known);
    }
  });
  return rows;
}

function last(rule, prop) {
  return rule.nodes.filter((node) => node.type === "decl" && node.prop === prop).pop()?.value;
}

function margins(Rule, selector, gap, { wrap, direction }) {
  const [row, column = row] = gap.split(/\s+(?![^(]*\))/);
  const between = new Rule({ selector: `${selector} > :not(:last-child), ${selector} > .icon:first-child` });
  if (direction === "column") between.append({ prop: "margin-bottom", value: row });
  else between.append({ prop: "margin-right", value: column });
  const plain = new Rule({ selector }).append({ prop: "gap", value: "0" });
  if (wrap !== "wrap" || /^0/.test(row)) return [plain, between];
  const below = new Rule({ selector: `${selector} > *` }).append({ prop: "margin-bottom", value: row });
  return [plain, between, below];
}
