// HTML whose every inserted value is escaped unless it is HTML already, so that generated text cannot become markup.

/** Markup that is safe to insert as it is. Only {@link html} and {@link trusted} make it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may be inserted: text is escaped, HTML is not, lists are joined, null and undefined are nothing. */
export type Content = Html | string | number | null | undefined | readonly Content[];

/** A template: `` html`<p title="${title}">${text}</p>` ``. Attribute values must stand in double quotes. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(strings.map((string, i) => string + (i < values.length ? insert(values[i]) : "")).join(""));
}

/** Markup that this program wrote itself. Never call it with text from a dataset. */
export function trusted(text: string): Html {
  return new Html(text);
}

function insert(value: Content): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value));
  return value.map(insert).join("");
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/**
 * Text as it may stand between tags or in a quoted attribute. Control characters, which HTML forbids, become U+FFFD.
 */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => entities[character]!).replace(/[^\P{Cc}\t\n\r]|\p{Cs}/gu, "\ufffd");
}

/** JSON as it may stand inside a script element: no "<", which could end it, and no line separators. */
export function inlineJson(value: unknown): Html {
  const json = JSON.stringify(value);
  return new Html(json.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`));
}
