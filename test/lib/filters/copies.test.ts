import { expect, it } from "vitest";
import { acceptanceOf, outcomes } from "./row.js";

const table: [language: string, seed: string, copies: string[], own: string[]][] = [
  [
    "English, a short text",
    "what is the capital of japan",
    [
      "what's the capital of Japan?",
      "what is the captial of japan",
      "what is the capital of japan? it is an old city in the east",
    ],
    ["what is the capital of france", "what is the population of japan", "what is the largest city of japan"],
  ],
  [
    "English, a longer text",
    "Oil prices struck a record above 48 dollars a barrel on Thursday, spurred by fears of lower supply from the north",
    [
      "Oil prices struck a record above 48 dollars a barrel on Friday, spurred by fears of lower supply from the north",
      "Oil prices struck a record above 48 dollars a barrel on Thursday, spurred by fears of lower supply from the south, traders said in London",
      "Oil prices strvck a record above 48 dollars a barrel on Thursday, spurred by fears of lower supply from the north",
      "Prices struck a record above 48 dollars a barrel on Thursday",
    ],
    [
      "Oil prices fell below 40 dollars a barrel on Friday as supply from the north rose",
      "Oil prices rose to a record",
    ],
  ],
  ["Chinese", "日本的首都是哪里", ["日本首都是哪里？", "日本的首都在哪里吗"], ["法国的首都是哪里", "日本的人口是多少"]],
  [
    "Japanese",
    "日本の首都はどこですか",
    ["日本の首都はどこですか？", "日本の首都がどこですか"],
    ["フランスの首都はどこですか"],
  ],
  ["Thai", "เมืองหลวงของญี่ปุ่นคืออะไร", ["เมืองหลวงของญี่ปุ่นคืออะไร?"], ["เมืองหลวงของฝรั่งเศสคืออะไร"]],
  ["Arabic", "ما هي عاصمة اليابان", ["ما عاصمة اليابان؟"], ["ما هي عاصمة فرنسا"]],
  ["Hindi", "जापान की राजधानी क्या है", ["जापान की राजधानी क्या थी?"], ["फ्रांस की राजधानी क्या है"]],
  [
    "Russian",
    "какая столица у японии",
    ["какая же столица у Японии?", "какая столица у японий"],
    ["какая столица у франции"],
  ],
];

it.each(table)("%s", (_, seed, copies, own) => {
  for (const text of copies) {
    expect(outcomes(acceptanceOf({ clean: false }, { seeds: [seed] }), [text]), text).toEqual(["copy"]);
  }
  for (const text of own)
    expect(outcomes(acceptanceOf({ clean: false }, { seeds: [seed] }), [text]), text).toEqual([text]);
});

it("of accepted rows, short ones may not say the same", () => {
  const given = [
    "what is the capital of japan",
    "what's the capital of japan",
    "what is the capital of france",
    "who won in 1996",
    "who won in 1998",
  ];
  expect(outcomes(acceptanceOf({}), given)).toEqual([given[0], "near-duplicate", given[2], given[3], given[4]]);
  expect(outcomes(acceptanceOf({ nearDuplicates: false }), given)).toEqual(given);
});
