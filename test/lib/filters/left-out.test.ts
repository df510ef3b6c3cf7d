// Rules that do not suit the seeds are left out, and a plan says which.
import { expect, it } from "vitest";
import { leftOutRules } from "../../../lib/filters/left-out.js";
import { resolveSpec } from "../../../lib/task/spec.js";

const spec = (filters: object = {}) =>
  resolveSpec({ labels: ["a", "b"], prompt: { instruction: "Write {label}", shots: 0 }, count: 2, filters });
const sources = (...seeds: string[]) => ({ seeds: new Set(seeds), contexts: new Set<string>() });

it.each([
  ["nothing of ordinary seeds", ["a good film", "a bad film"], {}, []],
  ["nothing without seeds", [], {}, []],
  [
    "what more than 2 % of the seeds have",
    ['"a good film"', '"a bad film"', "so dull"],
    {},
    ["filters.clean leaves quotation marks around texts alone: 2 of 3 seeds have that"],
  ],
  ["no rule that is off", ['"a good film"'], { clean: false }, []],
  [
    "gaps apart from talk",
    ["Dear [Customer's Name], your card is on its way"],
    {},
    ["filters.assistant leaves gaps such as [Name] alone: 1 of 1 seeds have that"],
  ],
  [
    "signs of a run-on by name",
    ["Q: what is this? A: a fox", "1. red 2. blue"],
    {},
    [
      "filters.runOns leaves questions with answers alone: 1 of 2 seeds have that",
      "filters.runOns leaves lists of texts alone: 1 of 2 seeds have that",
    ],
  ],
])("it leaves out %s", (_, seeds, filters, expected) => {
  const found = leftOutRules(spec(filters), sources(...seeds), []);
  for (const line of expected) expect(found).toContain(line);
  if (expected.length === 0) expect(found).toEqual([]);
});
