import { describe, expect, test } from "vitest";
import { rowFilters } from "../../../lib/filters/acceptance.js";
import { candidatesIn } from "../../../lib/filters/verbalized.js";
import { resolveSpec } from "../../../lib/task/spec.js";
import { row } from "./row.js";

const pair = (...[first, second]: [text: string, probability: number][]) =>
  [first, second].flatMap((one) => (one ? [{ text: one[0], probability: one[1] }] : []));

describe("texts with their probabilities are found", () => {
  const two = pair(["Dull.", 0.2], ["I loved it.", 0.1]);
  test.each<[form: string, answer: string, found: ReturnType<typeof pair>]>([
    ["numbers, brackets", "1. Dull. (0.2)\n2. I loved it. (0.1)", two],
    ["numbers in one line", "1. Dull. (0.2) 2. I loved it. (0.1)", two],
    ["named in brackets", "1. Dull. (Probability: 0.2)\n2. I loved it. (probability = 0.1)", two],
    ["in a line of its own", "1. Dull.\n   Probability: 0.2\n2. I loved it.\n   Probability: 0.1", two],
    ["percent", "1) Dull. - 20%\n2) I loved it. - 10 %", two],
    ["whole percents without a sign", "1. Dull. Probability: 20\n2. I loved it. Probability: 10", two],
    ["in front", "1. (0.2) Dull.\n2. (0.1) I loved it.", two],
    ["in front, percent", "- 20%: Dull.\n- 10%: I loved it.", two],
    ["bullets", "* Dull. [0.2]\n* I loved it. [0.1]", two],
    ["bold", "**1.** Dull. **Probability:** 0.2\n**2.** I loved it. **Probability:** 0.1", two],
    ["named texts", "Text 1: Dull. (0.2)\nText 2: I loved it. (0.1)", two],
    ["a line each", "Dull. | 0.2\nI loved it. | 0.1", two],
    ["a line each, and one for each probability", "Dull.\nProbability: 0.2\n\nI loved it.\nProbability: 0.1", two],
    ["talk around it", "Here are two reviews:\n\n1. Dull. (0.2)\n2. I loved it. (0.1)\n\nI hope 2 will do.", two],
    ["JSON", '[{"text": "Dull.", "probability": 0.2}, {"text": "I loved it.", "probability": 0.1}]', two],
    [
      "JSON in a fence",
      '```json\n[{"probability": "20%", "review": "Dull."}, {"review": "I loved it.", "p": 0.1}]\n```',
      two,
    ],
    ["Python", "[{'text': 'Dull.', 'probability': 0.2}, {'text': 'I loved it.', 'probability': 0.1}]", two],
    ["JSON that breaks off", '[{"text": "Dull.", "probability": 0.2}, {"text": "I lo', pair(["Dull.", 0.2])],
    ["escapes", '{"text": "\\"Dull\\", he said.", "probability": 1}', pair(['"Dull", he said.', 1])],
    [
      "tags",
      "<response><text>Dull.</text><probability>0.2</probability></response>\n" +
        "<response>\n<text> I loved it. </text>\n<probability>0.1</probability>\n</response>",
      two,
    ],
    [
      "tags the other way round",
      "<probability>20%</probability><text>Dull.</text><probability>.1</probability><text>I loved it.</text>",
      two,
    ],
    [
      "numbers within texts",
      "1. It has 2. parts, 0.5 of a star (0.2)\n2. In 1999 (0.1)",
      pair(["It has 2. parts, 0.5 of a star", 0.2], ["In 1999", 0.1]),
    ],
    ["one that has none", "1. Dull.\n2. I loved it. (0.1)", pair(["I loved it.", 0.1])],
    ["one of no words", "1. ... (0.2)\n2. I loved it. (0.1)", pair(["I loved it.", 0.1])],
    ["more than certain", "1. Dull. (probability: 250)\n2. I loved it. (0.1)", pair(["I loved it.", 0.1])],
    [
      "in a sentence",
      "1. Dull, with a probability of 0.2.\n2. I loved it. (10 % chance)",
      pair(["Dull", 0.2], ["I loved it.", 0.1]),
    ],
    ["of 1.1 %", "1. Dull. (1.1%)", pair(["Dull.", 0.011])],
    ["nothing", "", []],
    ["a text alone", "It was released in 1999 and cost 3 million.", []],
    ["a list without probabilities", "1. Dull.\n2. I loved it.", []],
    ["a probability alone", "Probability: 0.3", []],
  ])("%s", (_, answer, found) => {
    expect(candidatesIn(answer)).toEqual(found);
  });

  test.each([
    ["1. Dull. (0.2)\n2. I loved it. (0.1)", two],
    ["1. Dull. (0.2)\n2. I loved", pair(["Dull.", 0.2])],
    ["1. (0.2) Dull.\n2. (0.1) I loved", pair(["Dull.", 0.2])],
    ["1. (0.2) Dull", []],
  ])("of an answer that was cut off, the whole ones: %j", (answer, found) => {
    expect(candidatesIn(answer, true)).toEqual(found);
  });
});

describe("one of them is the row", () => {
  const judge = (answer: string, change: object = {}, task: object = {}) => {
    const { prompt, ...rest } = task as { prompt?: object };
    const spec = resolveSpec({
      labels: { animal: "an animal", plant: "a plant" },
      prompt: { instruction: "Write {texts} lines on {label}", shots: 0, verbalized: { texts: 3 }, ...prompt },
      count: 2,
      ...rest,
    });
    return rowFilters(spec, { seeds: new Set(), contexts: new Set() }, [])(row(answer, change));
  };
  const textOf = (verdict: ReturnType<typeof judge>) => ("row" in verdict ? verdict.row.text : verdict.reason);

  test("by the probabilities, and the same for the same seed, group and row", () => {
    const answer = "1. One runs. (0.1)\n2. Two run. (0.3)\n3. Three run. (0.6)\n4. Four run. (0.9)";
    const draw = (group: number) => textOf(judge(answer, { group, id: `${group}.1` }));
    const drawn = Array.from({ length: 400 }, (_, group) => draw(group));
    const share = (text: string) => drawn.filter((other) => other === text).length / drawn.length;
    expect(Math.abs(share("One runs.") - 0.1)).toBeLessThan(0.05);
    expect(Math.abs(share("Two run.") - 0.3)).toBeLessThan(0.07);
    expect(share("Four run.")).toBe(0); // beyond those asked for
    expect(drawn.slice(0, 9)).toEqual(Array.from({ length: 9 }, (_, group) => draw(group)));
  });

  test("with how many there were, and its probability; quotation marks around it are taken off", () => {
    expect(judge('1. "It barks at night." (30%)\n2. ... (20%)')).toMatchObject({
      row: { text: "It barks at night.", verbalizedTexts: 1, verbalizedProbability: 0.3 },
    });
  });

  test.each<[what: string, answer: string, change: object, task: object, outcome: string]>([
    ["no probability", "It barks.", {}, {}, "unparsable"],
    ["behind reasoning", "<think>1. no (0.5)</think>1. It barks. (0.5)", {}, {}, "It barks."],
    ["cut off behind a whole one", "1. It barks (0.5)\n2. It me", { ending: "length" }, {}, "It barks"],
    ["the filters see it alone", "1. It barks. (0.5)", {}, { filters: { minWords: 3 } }, "short"],
    ["without filters", "1. It barks. (0.5)", {}, { filters: false }, "It barks."],
    ["unparsable without filters", "It barks.", {}, { filters: false }, "unparsable"],
    [
      "an answer that was begun",
      'It barks.", "probability": 1}]',
      {},
      { prompt: { answer: '[{{"text": "' } },
      "It barks.",
    ],
    ["a number that was begun", "It barks. (0.5)\n2. ! (0.5)", {}, { prompt: { answer: "1." } }, "It barks."],
  ])("%s", (_, answer, change, task, outcome) => {
    expect(textOf(judge(answer, change, task))).toBe(outcome);
  });
});
