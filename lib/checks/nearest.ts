/** What to tell a person who wrote a name that does not exist. */
import leven from "leven";

/** What is told one by one; of more, how many there are. */
export const mostNamed = 20;

/**
 * Pairs of characters that are compared for one suggestion: all of a thousand long names, some milliseconds of more.
 */
const mostWork = 1_000_000;

/** `, did you mean "topP"?` when a known name is close, else `, expected one of "a", "b"` (the first ten). */
export function suggestion(name: string, known: Iterable<string>): string {
  const names = [...known];
  const best = nearestName(name, names);
  if (best !== undefined) return `, did you mean "${best}"?`;
  if (names.length === 0) return "";
  const listed = names.slice(0, 10).map((candidate) => `"${candidate}"`);
  return `, expected one of ${listed.join(", ")}${names.length > 10 ? `, … (${names.length} in all)` : ""}`;
}

/**
 * `Unknown field "top_p", did you mean "topP"?` for each name; of very many, only the first 20 come with a suggestion.
 */
export function unknownNames(kind: string, names: readonly string[], known: readonly string[]): string[] {
  return names.map((name, i) => `Unknown ${kind} "${name}"${i < mostNamed ? suggestion(name, known) : ""}`);
}

/** The first of the closest names, when at most two in five characters differ, up to case and separators. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[-_ ]/g, "");
  const wanted = plain(name.slice(0, 200));
  let distance = Math.max(1, Math.floor(name.length * 0.4)) + 1;
  let best: string | undefined;
  let work = 0;
  for (const candidate of names) {
    const other = plain(candidate);
    work += other.length + 50;
    if (Math.abs(other.length - wanted.length) >= distance) continue;
    work += other.length * wanted.length;
    if (work > mostWork) break;
    const found = leven(wanted, other, { maxDistance: distance });
    if (found < distance) [best, distance] = [candidate, found];
  }
  return best;
}

/** A value as an error message shows it: short, and strings in quotes. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return value === "" ? "an empty text" : JSON.stringify(shorten(value));
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "function" ? "a function" : String(value);
}

/** The first 60 characters, with "…" where there are more. */
export function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
