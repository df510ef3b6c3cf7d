import { expect, it } from "vitest";
import { countWords, segmentsOf, wholeSentences, wordSpans } from "../../../lib/text/segments.js";

it("counts words as Unicode has them", () => {
  const table: [text: string, words: number][] = [
    ["", 0],
    ["  !? \n", 0],
    ["It's a dog's life, isn't it?", 6],
    ["3.14 is pi", 3],
    ["état-major", 2],
    ["你好，世界", 2],
  ];
  for (const [text, words] of table) expect(countWords(text), text).toBe(words);
});

it("reads long texts in time that grows with their length, and finds the words of short ones in them", () => {
  const sentence = { en: "It's a dog's life, isn't it? 3.14 is pi. ", zh: "今天的比赛非常精彩，我和朋友们都很喜欢。" };
  for (const text of Object.values(sentence)) {
    const words = wordSpans(text).map(({ word }) => word);
    const long = wordSpans(text.repeat(1000));
    expect(long.map(({ word }) => word)).toEqual(Array.from({ length: 1000 }, () => words).flat());
    for (const { word, start } of long) expect(text.repeat(2).includes(word) && start >= 0).toBe(true);
    expect(long.at(-1)!.start - long.at(-words.length)!.start).toBeLessThan(text.length);
    expect(wordSpans(text.repeat(1000), 3)).toEqual(long.slice(0, 3));
    expect(countWords(text.repeat(1000))).toBe(1000 * words.length);
    expect(segmentsOf(text.repeat(1000)).join("")).toBe(text.repeat(1000));
  }
  const emoji = "🙂".repeat(2000); // no part ends within a pair
  expect(segmentsOf(emoji).every((segment) => !/^[\ud800-\udfff]$/.test(segment))).toBe(true);
  expect(countWords(`${"a".repeat(5000)} b`)).toBe(6); // one word a thousand characters
});

it("keeps what is there up to the last whole sentence", () => {
  const table: [text: string, kept: string][] = [
    ["One sentence. Another that goes", "One sentence."],
    ["One sentence. Another one.", "One sentence. Another one."],
    ["Is it? It is! And so", "Is it? It is!"],
    ['He said: "It is over." Then', 'He said: "It is over."'],
    ["He said: “It is over.” Then", "He said: “It is over.”"],
    ["(All of it is true.) And", "(All of it is true.)"],
    ["It goes on…", "It goes on…"],
    ["no end in sight", ""],
    ["", ""],
    // an abbreviation, an initial or a decimal point is no end
    ["He came. She was seen by Dr. Smith and", "He came."],
    ["He came. A film by J. Smith", "He came."],
    ["It rose by 3.5 percent to", ""],
    ["Many came, e.g. Ann", ""],
    // a heading or a line of a list has no end of its own
    ["A heading\nIt begins. It", "A heading\nIt begins."],
    ["今天天气很好。明天", "今天天气很好。"],
    ["क्या हाल है। मैं", "क्या हाल है।"],
  ];
  for (const [text, kept] of table) expect(wholeSentences(text), text).toBe(kept);
});

it("a text that is whole comes back as it is, and what comes back is whole", () => {
  for (const text of ["One. Two? Three", 'A "b." c. D', "x. y. z. "]) {
    const once = wholeSentences(text);
    expect(text.startsWith(once)).toBe(true);
    expect(wholeSentences(once)).toBe(once);
  }
});

it("takes long texts of one character", () => {
  const table: [piece: string, isWhole: boolean][] = [
    [".", true],
    [")", false],
    ["Go. ", true],
    ["a. ", false],
  ];
  for (const [piece, isWhole] of table) {
    const text = piece.repeat(20_000).trim();
    expect(wholeSentences(text), piece).toBe(isWhole ? text : "");
  }
});
