import { expect, it } from "vitest";
import { namedScripts, promptTexts, scriptFilter } from "../../../lib/filters/script.js";
import { row, specOf } from "./row.js";

const table: [language: string, reference: string[], rejected: string[], accepted: string[]][] = [
  [
    "English",
    ["Shares fell on Monday.", "The Lakers won again."],
    [
      "Intuit集团 raised its forecast",
      "powerful ? this是一部 sci-fi hit",
      "What country does阿里巴巴 work in?",
      "The film is хороший",
      "Das ist ありがとう",
    ],
    [
      "The α and β of it",
      "a 5 µm layer at 3 Ω",
      "café naïve Zürich",
      "¯\\_(ツ)_/¯ whatever",
      "I like it 👍🏽",
      "2 + 2 = 4",
      "",
    ],
  ],
  [
    "Chinese",
    ["今天的比赛有点精彩，下次不会了。", "这家餐厅有点无聊。"],
    ["这部电影とても良い", "这部电影 очень 好", "这部电影很好 and I would see it again", "The film is good"],
    ["我买了iPhone手机", "NBA今天的比赛", "他说OK", "看了一部叫 La La Land 的电影"],
  ],
  [
    "Japanese",
    ["今日はとても良い天気です。"],
    ["今日は 오늘 です", "映画 фильм です"],
    ["アイスクリームを食べました", "東京", "PC を買いました"],
  ],
  ["Thai", ["หนังเรื่องนี้สนุกมาก"], ["หนังเรื่องนี้很好看", "หนัง фильм", "this is all in English now"], ["หนัง Netflix เรื่องนี้สนุก"]],
  [
    "Arabic",
    ["هذا الفيلم رائع"],
    ["هذا الفيلم 电影 رائع", "הסרט הזה"],
    ["هذا الفيلم على Netflix رائع", "سعره ٢٠ دولارا"],
  ],
  ["Hindi", ["यह फिल्म बहुत अच्छी है"], ["यह фильм अच्छी है", "यह 电影 अच्छी है"], ["यह Netflix फिल्म अच्छी है"]],
  [
    "Russian",
    ["Фильм очень хороший"],
    ["Фильм очень 好看", "The film is very good"],
    ["Фильм на Netflix очень хороший"],
  ],
];

it.each(table)("%s", (_, reference, rejected, accepted) => {
  const filter = scriptFilter(reference);
  for (const text of rejected) expect(filter(row(text)), text).toBe("script");
  for (const text of accepted) expect(filter(row(text)), text).toBe(undefined);
});

it("a script is the task's own from 1 % of the letters on", () => {
  const latin = "a".repeat(198);
  expect(scriptFilter([latin, "пр"])(row("привет"))).toBe(undefined); // 2 of 200
  expect(scriptFilter([`${latin}a`, "пр"])(row("привет"))).toBe("script"); // 2 of 201
  expect(scriptFilter(["12 %", "…"])(row("привет"))).toBe(undefined); // a reference without letters
});

it("without seeds, the prompt says what is its own, by the names of languages too", () => {
  const reference = promptTexts(specOf({}, { prompt: { instruction: "Write a headline in Russian about {label}" } }));
  expect(reference).toContain("an animal");
  expect(namedScripts(reference)).toEqual(["Cyrillic"]);
  const filter = scriptFilter(reference, namedScripts(reference));
  expect(filter(row("Новости дня"))).toBe(undefined);
  expect(filter(row("今日新闻"))).toBe("script");
  expect(namedScripts(["a poem in Japanese or Hindi", "hindilike"])).toEqual([
    "Devanagari",
    "Han",
    "Hiragana",
    "Katakana",
  ]);
});
