import { expect, it } from "vitest";
import { repetitionFilter } from "../../../lib/filters/repetition.js";
import { loopShare, repetitionOf } from "../../../lib/text/repetition.js";
import { row } from "./row.js";

const table: [language: string, rejected: string[], accepted: string[]][] = [
  [
    "English",
    [
      "Jr ., Jr ., Jr ., Jr .",
      "YOU KNOW WHAT?! YOU KNOW WHAT?!",
      "Shares fell and shares fell and shares fell and shares fell on Monday in New York",
      "The rebels seized the militia militia militia militia militia militia militia militia",
      "The coach fired his coach, the coach denied it, and the coach fired his coach, the coach denied it, and he left.",
      "airlineairlineairlineairlineairlineairline",
      "near Beni Mechofaidaidaidaidaidaidaidaidaidaida",
    ],
    [
      "no, no, no: this is a film to be avoided at all costs",
      "New York, New York is a fun film.",
      "it is what it is",
      "Who sang the song 'Yesterday, Yesterday, Yesterday'?",
      "what is the largest city of the largest country in the world",
      "what is the difference between a wolf and a dog and what is a dingo",
      "it's not too fast and not too slow, and it is fun",
      "Sooooooo good!!!!!!!!",
      "Bora Bora",
      "",
      "...",
    ],
  ],
  [
    "Chinese",
    [
      "这部电影很好很好很好很好很好很好很好",
      "今天的比赛很精彩,今天的比赛很精彩。",
      "下次不会了下次不会了下次不会了下次不会了",
    ],
    [
      "今天的比赛有点精彩，下次不会了。",
      "好好好，这部电影非常精彩。",
      "妈妈爸爸爷爷奶奶都喜欢这家餐厅。",
      "一步一步来,一天一天好",
    ],
  ],
  [
    "Japanese",
    ["とても良い映画です。とても良い映画です。", "すごいすごいすごいすごいすごいすごい"],
    ["とても良い映画でした。もう一度見たいです。", "いろいろな国のいろいろな料理を食べました。"],
  ],
  [
    "Thai",
    ["หนังดีมาก หนังดีมาก หนังดีมาก หนังดีมาก", "ไม่ไปอีกแล้วไม่ไปอีกแล้วไม่ไปอีกแล้วไม่ไปอีกแล้ว"],
    ["หนังเรื่องนี้สนุกมาก อยากดูอีกครั้ง", "ร้านนี้อาหารอร่อยมากๆ"],
  ],
  [
    "Arabic",
    ["هذا الفيلم رائع هذا الفيلم رائع هذا الفيلم رائع", "جميل جميل جميل جميل جميل"],
    ["هذا الفيلم رائع وسأشاهده مرة أخرى.", "لا لا لا، لم يعجبني هذا المطعم على الإطلاق"],
  ],
  [
    "Hindi",
    ["यह फिल्म बहुत अच्छी है यह फिल्म बहुत अच्छी है", "अच्छा अच्छा अच्छा अच्छा अच्छा"],
    ["यह फिल्म बहुत अच्छी है, मैं इसे फिर देखूँगा।", "धीरे धीरे सब ठीक हो गया।"],
  ],
  [
    "Russian",
    ["Фильм очень хороший, фильм очень хороший.", "снова и снова и снова и снова и снова и снова"],
    ["Фильм очень хороший, пойду ещё раз.", "Нет, нет, нет: этот ресторан не для нас и не для вас."],
  ],
];

it.each(table)("%s", (_, rejected, accepted) => {
  for (const text of rejected) expect(repetitionFilter(row(text)), text).toBe("repetition");
  for (const text of accepted) expect(repetitionFilter(row(text)), text).toBe(undefined);
});

it("shares are of the letters in words", () => {
  //                       aa bb aa bb cc cc: the pair "aa bb" covers four words of six, said once again at once it is two times two
  expect(repetitionOf("Aa bb aa bb, cc cc!", 2)).toMatchObject({ words: 6, top: [4 / 6, 0, 0], inARow: 0 });
  // a pair must stand three times to count
  expect(repetitionOf("aa bb aa bb cc cc", 3).top).toEqual([0, 0, 0]);
  // five words, said again once: the second time is half
  expect(repetitionOf("a b c d e. a b c d e.", 3)).toMatchObject({ duplicate: [0.5, 0, 0, 0, 0, 0], inARow: 1 });
  expect(repetitionOf("", 3)).toEqual({ words: 0, top: [0, 0, 0], duplicate: [0, 0, 0, 0, 0, 0], inARow: 0 });
});

it("loops of characters count from four times and 16 characters on", () => {
  for (const [text, share] of [
    ["abcd".repeat(4), 1],
    [`${"abcd".repeat(4)}${"xyz uvw pqr mno "}`, 0.5],
    ["abcdef".repeat(3), 0],
    ["a".repeat(15), 0],
    ["", 0],
  ] as const) {
    expect(loopShare(text), text).toBe(share);
  }
});

it("takes no longer than the text is long", () => {
  const started = performance.now();
  for (const piece of ["a", "ab ", "x1 y2 z3 ", "很好"])
    expect(repetitionFilter(row(piece.repeat(20_000)))).toBe("repetition");
  expect(performance.now() - started).toBeLessThan(20_000);
});
