// JSON that others wrote. What is nested too deeply parses, and then fells whatever walks it.

/** Most lists and objects in each other: no file of ours has a tenth of it. */
const deepest = 200;

/**
 * As JSON.parse.
 * @throws {SyntaxError} for a text that is not JSON, or nested more than 200 deep.
 */
export function parseJson(text: string): unknown {
  const value = JSON.parse(text) as unknown;
  if (isDeeper(value, deepest)) throw new SyntaxError(`Expected lists and objects at most ${deepest} deep`);
  return value;
}

// Without recursion, level by level.
function isDeeper(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
  }
  return false;
}
