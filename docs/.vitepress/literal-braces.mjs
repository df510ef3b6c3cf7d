// Vue reads {{ … }} as an expression. In these pages it is text: a task's instruction writes braces that way.

/** A plugin of markdown-it. */
export function literalBraces(md) {
  for (const name of ["text", "code_inline"]) {
    const render = md.renderer.rules[name];
    md.renderer.rules[name] = (...args) => render(...args).replaceAll("{{", "&#123;&#123;");
  }
}
