// Reads HTML as strictly as this project writes it: lower-case tags, attributes in double quotes, raw text in script and style.

export interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What a script or style element holds. */
  readonly raw: string;
}

const tag = /<(\/?)([a-z][a-z0-9]*)((?:\s+[A-Za-z][A-Za-z0-9:-]*(?:="[^"<>]*")?)*)\s*(\/?)>/y;

/** The tags that open, in their order. Throws where something is no text, tag or doctype of that kind, or tags do not nest. */
export function parseHtml(source: string): Tag[] {
  const tags: Tag[] = [];
  const open: string[] = [];
  let at = source.startsWith("<!doctype html>") ? "<!doctype html>".length : 0;
  while (at < source.length) {
    const next = source.indexOf("<", at);
    if (next < 0) break;
    tag.lastIndex = next;
    const match = tag.exec(source);
    if (match === null) throw new Error(`no tag: ${source.slice(next, next + 80)}`);
    const [text, closing, name, attributes, selfClosing] = match as unknown as string[];
    at = next + text!.length;
    if (closing) {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing: ${source.slice(next - 80, at)}`);
      continue;
    }
    let raw = "";
    if (name === "script" || name === "style") {
      const end = source.indexOf(`</${name}>`, at);
      raw = source.slice(at, end);
      at = end;
    }
    if (!selfClosing && !["meta", "br", "input", "link"].includes(name!)) open.push(name!);
    const pairs = [...attributes!.matchAll(/([A-Za-z][A-Za-z0-9:-]*)(?:="([^"]*)")?/g)];
    tags.push({ name: name!, attributes: Object.fromEntries(pairs.map(([, key, value]) => [key, value ?? ""])), raw });
  }
  if (open.length > 0) throw new Error(`left open: ${open.join(" ")}`);
  return tags;
}
