// JSON that others wrote. What is nested too deeply takes twenty times its size to parse, and then fells whatever walks it.

/** Most lists and objects in each other: no file of ours has a tenth of it. */
const deepest = 200;

/**
 * As JSON.parse.
 * @throws {SyntaxError} for a text that is not JSON, or nested more than 200 deep: that is seen before it is parsed.
 */
export function parseJson(text: string): unknown {
  if (text.length > deepest && isDeeper(text)) {
    throw new SyntaxError(`Expected lists and objects at most ${deepest} deep`);
  }
  return JSON.parse(text) as unknown;
}

const quote = 0x22;
const backslash = 0x5c;

// Brackets outside of strings. Of a text that is no JSON it may say anything.
function isDeeper(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === 0x5b || sign === 0x7b) {
      if (++depth > deepest) return true;
    } else if (sign === 0x5d || sign === 0x7d) depth--;
    else if (sign === quote) {
      for (at++; at < text.length && text.charCodeAt(at) !== quote; at++) if (text.charCodeAt(at) === backslash) at++;
    }
  }
  return false;
}
