// Moves min(), max() and clamp() behind @supports (Chromium 79, iOS 13.4); what stands before them
// in the rule is what an older browser takes, and has to be there.
export default function mathGuard() {
  return {
    postcssPlugin: "math-guard",
    Once(root, { AtRule }) {
      const found = [];
      root.walkDecls((decl) => void (isMath(decl) && !isGuarded(decl) && found.push(decl)));
      for (const decl of found) {
        const rule = decl.parent;
        const before = rule.nodes.slice(0, rule.index(decl));
        if (!before.some((node) => node.prop === decl.prop)) {
          throw decl.error(`${decl.prop} needs a value without ${decl.value} before it`);
        }
        const guard = new AtRule({ name: "supports", params: "(width: max(1px, 1px))" });
        guard.append(rule.clone({ nodes: [] }).append(decl.clone()));
        rule.after(guard);
        decl.remove();
      }
    },
  };
}
mathGuard.postcss = true;

function isMath(decl) {
  return /(^|[^\w-])(min|max|clamp)\(/.test(decl.value);
}

function isGuarded(decl) {
  for (let node = decl.parent; node; node = node.parent) if (node.name === "supports") return true;
  return false;
}
