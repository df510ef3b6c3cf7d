// Case 02: in scripts without spaces every metric took a text for one word.
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { evaluate } from "../../lib/evaluate/index.js";
import { readTable } from "../../lib/io.js";

const read = async (name: string) => (await readTable(resolve(import.meta.dirname, name))).rows;

it("case 02: Chinese has words, and figures like any language", async () => {
  const [rows, gold] = [await read("02-chinese.jsonl"), await read("02-chinese-gold.jsonl")];
  const found = await evaluate(rows, { gold });
  // 这|部|电影|非常|无聊|，|让|人|失望|。 is one of ten tokens; the others have nine to eleven
  expect(found.lengths.rows.quantiles).toMatchObject({ median: expect.closeTo(10, 0) as unknown });
  expect(found.lengths.rows.quantiles!.min).toBeGreaterThanOrEqual(8);
  expect(found.diversity.selfBleu[5]).toBeGreaterThan(0.5);
  expect(found.diversity.distinct[2]).toBeGreaterThan(0.1);
  expect(found.diversity.distinct[2]).toBeLessThan(0.5);
  expect(found.student.value!.accuracy).toBeGreaterThan(0.75); // 精彩 or 无聊 says it; with a text as one word: 0.375
  expect(found.wordRule).toContain("UAX 29");
});
