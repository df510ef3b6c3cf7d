// Self-instruct (Wang et al. 2023): accepted rows join the examples of people.
import { Fingerprint, SeenTexts } from "../../near/seen-texts.js";
import { nearness } from "../../near/thresholds.js";
import { synthetic } from "../../prompt/mixed-examples.js";
import { type Decision, type PolicyInput, upTo } from "../policy.js";

/**
 * Rows that are near duplicates of no example join; of any prompt's examples they are at most half, which who draws them
 * sees to.
 */
export async function self(input: PolicyInput): Promise<Decision> {
  const { rows, seeds, round } = input;
  const seen = new SeenTexts(nearness.metrics.threshold);
  for (const { text } of seeds) seen.add(new Fingerprint(text));
  const joining = rows.filter(({ text }) => {
    const print = new Fingerprint(text);
    if (seen.find(print) !== undefined) return false;
    seen.add(print);
    return true;
  });
  const own = seeds.map(({ id, text, label, fields }) => ({ id, text, label: label!, fields }));
  const made = joining.map(({ id, text, label, fields }) => ({ id, text, label, fields: { ...fields, ...synthetic } }));
  return { count: upTo(input, round), seeds: [...own, ...made] };
}
