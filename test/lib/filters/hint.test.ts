import { expect, test } from "vitest";
import { rowFilters } from "../../../lib/filters/acceptance.js";
import { row, specOf } from "./row.js";

const verdictOn = (text: string, hint: string | undefined, filters: object | false = {}) => {
  const sources = { seeds: new Set<string>(), contexts: new Set<string>() };
  const attributes = hint === undefined ? {} : { attributes: { hint } };
  const verdict = rowFilters(specOf(filters), sources, [])(row(text, attributes));
  return "reason" in verdict ? verdict.reason : "kept";
};

test.each<[text: string, hint: string | undefined, filters: object | false, outcome: string]>([
  ["The badger digs.", "badger", {}, "kept"],
  ["BADGERS dig.", "badger", {}, "kept"],
  ["An otter swims.", "badger", {}, "hint"],
  ["An otter swims.", "badger", { hint: false }, "kept"],
  ["An otter swims.", "badger", false, "kept"],
  ["An otter swims.", undefined, {}, "kept"],
  ["An otter swims.", "badger", { reject: ["otter"] }, "hint"],
])("%j with the hint %j under %j: %s", (text, hint, filters, outcome) => {
  expect(verdictOn(text, hint, filters)).toBe(outcome);
});
