import { expect, it } from "vitest";
import { isUnspaced, wordsIn } from "../../../lib/text/words.js";

it.each<[language: string, text: string, words: string[]]>([
  ["English", "It's a well-known 3.5% rise!", ["It", "s", "a", "well", "known", "3", "5", "rise"]],
  ["Chinese", "这部电影非常无聊，让人失望。", ["这", "部", "电影", "非常", "无聊", "让", "人", "失望"]],
  ["Japanese", "私は猫が好きです。", ["私", "は", "猫", "が", "好き", "です"]],
  ["Thai", "ฉันชอบแมว และ หมา", ["ฉัน", "ชอบ", "แมว", "และ", "หมา"]],
  ["Lao", "ຮູບເງົານີ້ດີຫຼາຍ", ["ຮູບເງົາ", "ນີ້", "ດີ", "ຫຼາຍ"]],
  ["Khmer", "ភាពយន្តនេះល្អណាស់។", ["ភាពយន្ត", "នេះ", "ល្អ", "ណាស់"]],
  ["Burmese", "ဒီရုပ်ရှင်က ကောင်းတယ်။", ["ဒီ", "ရုပ်ရှင်", "က", "ကောင်း", "တယ်"]],
  ["Arabic", "هذا الفيلم رائع، أنصح به!", ["هذا", "الفيلم", "رائع", "أنصح", "به"]],
  ["Arabic with vowel marks", "كِتَابٌ جَمِيلٌ", ["كِتَابٌ", "جَمِيلٌ"]],
  ["Hindi", "यह फ़िल्म बहुत अच्छी थी।", ["यह", "फ़िल्म", "बहुत", "अच्छी", "थी"]],
  ["Russian", "Этот фильм — «скучный», ёлка!", ["Этот", "фильм", "скучный", "ёлка"]],
  ["two scripts", "GPT今天 v2发布", ["GPT", "今天", "v2", "发布"]],
  ["none", "?! … 🙂", []],
])("%s: the words of %s", (_, text, words) => {
  expect(wordsIn(text)).toEqual(words);
});

it("a dictionary is asked about scripts without spaces alone", () => {
  for (const text of ["电影", "ねこ", "ネコ", "แมว", "ແມວ", "ឆ្មា", "ကြောင်"]) expect(isUnspaced(text), text).toBe(true);
  for (const text of ["cat", "кошка", "قطة", "बिल्ली", "고양이", "חתול", "3,5 !?"])
    expect(isUnspaced(text), text).toBe(false);
});
