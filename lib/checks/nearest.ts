/** What to tell a person who wrote a name that does not exist. */
import leven from "leven";

/** `, did you mean "topP"?` when a known name is close, else `, expected one of "a", "b"` (the first ten). */
export function suggestion(name: string, known: Iterable<string>): string {
  const names = [...known];
  const plain = (text: string) => text.toLowerCase().replace(/[-_ ]/g, "");
  const ranked = names
    .map((candidate) => ({ candidate, distance: leven(plain(name.slice(0, 200)), plain(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  if (best === undefined) return "";
  if (best.distance <= Math.max(1, Math.floor(name.length * 0.4))) return `, did you mean "${best.candidate}"?`;
  const listed = names.slice(0, 10).map((candidate) => `"${candidate}"`);
  return `, expected one of ${listed.join(", ")}${names.length > 10 ? `, … (${names.length} in all)` : ""}`;
}

/** A value as an error message shows it: short, and strings in quotes. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return value === "" ? "an empty text" : JSON.stringify(shorten(value));
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "function" ? "a function" : String(value);
}

function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
