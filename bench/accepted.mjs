// Which texts corrsynth's own default filters accept: one function for all contenders.
import { Acceptance, rowFilters } from "../dist/filters/acceptance.js";

/**
 * @param task   { spec, sources, template } of promptsOf; spec.filters is the default
 * @param texts  [{ text, label, tokens, ending }], in the order in which they are judged
 * @returns { accepted, rejected: { reason: number } }
 */
export function accepted({ spec, sources, template }, texts) {
  const verdictOn = rowFilters(spec, sources, template);
  const acceptance = new Acceptance(spec.filters);
  const rejected = {};
  let count = 0;
  for (const [i, { text, ...row }] of texts.entries()) {
    const verdict = verdictOn({ id: `${i}.0`, group: i, repeat: 0, examples: [], seed: 0, ...row, text: text.trim() });
    const reason = verdict.reason ?? acceptance.repeated(verdict.row);
    if (reason === undefined) {
      acceptance.remember(verdict.row);
      count++;
    } else rejected[reason] = (rejected[reason] ?? 0) + 1;
  }
  return { accepted: count, rejected };
}
