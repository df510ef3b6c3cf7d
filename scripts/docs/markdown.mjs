// Small pieces of Markdown for the generated pages.

/** Text in which neither Markdown, HTML nor Vue reads anything; also fit for a cell of a table. */
export function plain(text) {
  return text
    .replace(/[&<>{}]/g, (character) => `&#${character.codePointAt(0)};`)
    .replace(/[\\`*_[\]|]/g, (character) => `\\${character}`)
    .replace(/\s*\n\s*/g, " ");
}

/** Code within a line. A pipe would end a table's cell even here. */
export function code(text) {
  const inner = text.replaceAll("|", "\\|").replaceAll("\n", "\\n");
  const fence = inner.includes("`") ? "``" : "`";
  return inner.includes("`") ? `${fence} ${inner} ${fence}` : `${fence}${inner}${fence}`;
}

/** A table; cells are Markdown already. */
export function table(heads, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}
