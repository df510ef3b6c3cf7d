// Patterns that somebody makes up, on texts that go with them: compiled or refused, and never stuck.
import { linearPattern } from "../../dist/text/pattern.js";
import { told } from "./told.mjs";

const atoms = [
  "a",
  "b",
  ".",
  "\\w",
  "\\s",
  "\\d",
  "[ab]",
  "[^a]",
  "^",
  "$",
  "\\b",
  "(?:a|ab)",
  "\\p{L}",
  "é",
  "\\u{1f600}",
];
const odd = ["(?=a)", "(?<!a)", "\\1", "\\k<n>", "(", ")", "[", "\\", "{", "(?<n>a)", "(?i)", "\\Q", "[[:alpha:]]"];
const counts = ["", "*", "+", "?", "*?", "{2,5}", "{0,50}", "{100}", "{1000}"];
const texts = [
  "a".repeat(10_000),
  "ab".repeat(5000),
  `${"a ".repeat(4999)}!`,
  "\u{1f600}é".repeat(3333),
  "x\ny".repeat(3333),
];

function made(random, depth) {
  let pattern = "";
  for (let n = 1 + random(4); n > 0; n--) {
    const atom = random(30) === 0 ? odd[random(odd.length)] : atoms[random(atoms.length)];
    const inner = depth > 0 && random(3) === 0 ? `(${made(random, depth - 1)}|${made(random, depth - 1)})` : atom;
    pattern += inner + counts[random(counts.length)];
  }
  return pattern;
}

export async function open() {
  return {
    attempt: async (random) =>
      await told(() => {
        const pattern = linearPattern(made(random, 3), ["", "i", "m", "s", "ims"][random(5)]);
        pattern.test(texts[random(texts.length)]);
      }, Error),
  };
}
