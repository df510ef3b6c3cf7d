// Every metric that takes words, in scripts with and without spaces. The tables can be checked by hand: two sentences
// that differ in one word, "I like cats." and "I like dogs.".
import { describe, expect, it } from "vitest";
import {
  copies,
  distinctN,
  duplicates,
  evaluate,
  labelWords,
  offlineRecogniser,
  proxyStudent,
  selfBleu,
  tokenize,
} from "../../../lib/evaluate/index.js";

/** Tokens of a sentence; the position of the one that the second sentence has otherwise, and what it has there. */
const likes: [language: string, tokens: string[], joint: string, at: number, other: string][] = [
  ["English", ["I", "like", "cats", "."], " ", 2, "dogs"],
  ["Chinese", ["我", "喜欢", "猫", "。"], "", 2, "狗"],
  ["Japanese", ["私", "は", "猫", "が", "好き", "です", "。"], "", 2, "犬"],
  ["Thai", ["ฉัน", "ชอบ", "แมว"], "", 2, "สุนัข"],
  ["Arabic", ["نعم", "،", "أحب", "القطط", "."], " ", 3, "الكلاب"],
  ["Hindi", ["मुझे", "बिल्ली", "पसंद", "है", "।"], " ", 1, "कुत्ता"],
  ["Russian", ["Я", "люблю", "кошек", "."], " ", 2, "собак"],
];

// punctuation stands at the word before it
const written = (tokens: readonly string[], joint: string) => tokens.join(joint).replace(/ (?=[.،।])/gu, "");

describe.each(likes)("%s", (_, tokens, joint, at, other) => {
  const texts = [tokens, tokens.map((token, i) => (i === at ? other : token))];
  const read = texts.map((text) => tokenize(written(text, joint)));
  const n = tokens.length;
  // pairs of words that hold the one that differs: one where it is the first or the last, else two
  const own = at === 0 || at === n - 1 ? 1 : 2;

  it("has its words and marks as tokens", () => expect(read).toEqual(texts));

  it("has the share of distinct words and word pairs", () => {
    expect(distinctN(read, 1)).toBeCloseTo((n + 1) / (2 * n), 12);
    expect(distinctN(read, 2)).toBeCloseTo((n - 1 + own) / (2 * (n - 1)), 12);
  });

  it("has the Self-BLEU-2 of n − 1 words of n, and of the pairs that both have", () => {
    const [words, pairs] = [(n - 1) / n, (n - 1 - own) / (n - 1)];
    expect(selfBleu(read, { order: 2 }).score).toBeCloseTo(Math.sqrt(words * pairs), 12);
  });
});

it("the tokens of other languages, of mixed texts and of invisible characters are words and marks", () => {
  const table: [text: string, tokens: string[]][] = [
    ["ຮູບເງົານີ້ດີຫຼາຍ", ["ຮູບເງົາ", "ນີ້", "ດີ", "ຫຼາຍ"]],
    ["ភាពយន្តនេះ\u200bល្អណាស់។", ["ភាពយន្ត", "នេះ", "ល្អ", "ណាស់", "។"]],
    ["ဒီရုပ်ရှင်က ကောင်းတယ်။", ["ဒီ", "ရုပ်ရှင်", "က", "ကောင်း", "တယ်", "။"]],
    ["Я видел «Матрицу», да!", ["Я", "видел", "«", "Матрицу", "»", ",", "да", "!"]],
    ["Việt Nam, Łódź", ["Việt", "Nam", ",", "Łódź"]],
    ["I don't like 寿司 much.", ["I", "do", "n't", "like", "寿司", "much", "."]],
    ["iPhone 15发布了。\n好", ["iPhone", "15", "发布", "了", "。", "\n", "好"]],
  ];
  for (const [text, tokens] of table) expect(tokenize(text), text).toEqual(tokens);
});

/** A sentence of eight words and more, one that says another thing, and what a copy of the first adds. */
const sentences: [language: string, text: string, other: string, more: string][] = [
  [
    "Chinese",
    "今天的比赛非常精彩，我和朋友们都很喜欢。",
    "那家餐厅的服务太慢，下次我们不会再去。",
    "大家下次还会再来。",
  ],
  [
    "Japanese",
    "昨日の試合はとても面白かったので、友達と最後まで見ました。",
    "この店の料理は高すぎます。",
    "また行きたいです。",
  ],
  ["Thai", "เมื่อวานฉันไปดูภาพยนตร์กับเพื่อนและสนุกมากจริงๆ", "ร้านอาหารนี้แพงเกินไปและบริการช้า", "จะไปดูอีกครั้ง"],
  ["Khmer", "ភាពយន្តនេះល្អណាស់ហើយខ្ញុំចង់មើលម្តងទៀតជាមួយមិត្តភក្តិ", "ម្ហូបនៅទីនេះថ្លៃពេកហើយសេវាកម្មយឺត", "ល្អណាស់"],
  [
    "Arabic",
    "كانت مباراة الأمس رائعة جدا وأعجبت كل أصدقائي في المدينة.",
    "هذا المطعم غالي الثمن والخدمة فيه بطيئة.",
    "سنعود مرة أخرى.",
  ],
  ["Hindi", "कल का मैच बहुत रोमांचक था और मेरे सभी दोस्तों को पसंद आया।", "यह रेस्तरां बहुत महंगा है और सेवा धीमी है।", "हम फिर आएंगे।"],
  [
    "Russian",
    "Вчерашний матч был очень интересным, и всем моим друзьям понравилось.",
    "Этот ресторан слишком дорогой, и обслуживание медленное.",
    "Придём ещё.",
  ],
];

describe.each(sentences)("%s", (_, text, other, more) => {
  it("copies of a text with more behind, and near duplicates, are found, and what says something else is none", () => {
    expect(copies([text, `${text} ${more}`, other], [text])).toMatchObject({ exact: 1, copied: 2 });
    expect(duplicates([text, `${text.replace(/[.。।]$/u, "")}!`, other])).toMatchObject({ exact: 0, near: 1 });
  });

  it("a student tells two labels by their words", () => {
    const train = [
      { text, label: "a" },
      { text: other, label: "b" },
    ];
    expect(proxyStudent(train, [{ text: `${more} ${text}`, label: "a" }, ...train]).accuracy).toBe(1);
  });
});

it("label's words are found inside of texts without spaces, and as words elsewhere", () => {
  const table: [label: string, text: string, share: number][] = [
    ["好评", "我给好评。", 1],
    ["差评", "我给好评。", 0],
    ["спорт", "Сегодня спорт!", 1],
    ["спорт", "транспорт", 0],
    ["art", "a party", 0],
    ["sport", "Sports news", 1],
    ["boxes", "a box", 1],
  ];
  for (const [label, text, share] of table) {
    const labels = ["x", label].map((name) => ({ name, verbalization: name }));
    expect(labelWords([{ text, label }], labels).value?.share, `${label}: ${text}`).toBe(share);
  }
});

it("an evaluation names the rule where there are such texts, and does not ask an English recogniser about them", async () => {
  const rows = ["我喜欢猫。", "我喜欢狗。"].map((text) => ({ text, label: "x" }));
  const found = await evaluate(rows, { recogniser: offlineRecogniser });
  expect(found).toMatchObject({ tokenizer: "wink-nlp (wink-eng-lite-web-model)", lengths: { rows: { mean: 4 } } });
  expect(found.wordRule).toMatch(/UAX 29 \(ICU \d+/);
  expect(found.entities).toMatchObject({
    value: null,
    reason: expect.stringContaining("100 % of the letters are of others"),
  });
  const english = await evaluate([{ text: "I met Ann in Berlin, e.g. at «Café Größe».", label: "x" }], {
    recogniser: offlineRecogniser,
  });
  expect(english).toMatchObject({ wordRule: null, entities: { value: { n: 1 } } });
});
