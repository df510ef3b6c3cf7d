import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { duplicates } from "../../../lib/near/duplicates.js";

const permutations = <T>(items: T[]): T[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item, i) =>
        permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
      );

describe("duplicates", () => {
  it("gives the counts worked out by hand", () => {
    const ten = "one two three four five six seven eight nine ten";
    const table: [texts: string[], exact: number, near: number][] = [
      // two repeat the first up to case and white space
      [["A b", "a  B", " a b\n", "c"], 2, 2],
      // punctuation is not white space, but does not count for near duplicates
      [["Yes!", "yes"], 0, 1],
      // 8 shingles each; the last word changes one of them, 7 of 9 = 0.78 are shared
      [[ten, ten.replace("ten", "end")], 0, 1],
      // a word in the middle changes three, 5 of 11 = 0.45 are shared
      [[ten, ten.replace("five", "5")], 0, 0],
      [Array<string>(50).fill("the same text again"), 49, 49],
      [["one text"], 0, 0],
    ];
    for (const [texts, exact, near] of table) {
      const result = duplicates(texts);
      const rates = { exactRate: exact / texts.length, nearRate: near / texts.length };
      expect(result, texts[0]).toMatchObject({ texts: texts.length, blank: 0, exact, near, ...rates });
    }
  });

  it("counts a chain of near duplicates as one cluster, in whatever order the texts come", () => {
    // 3 of 5 words = 0.6 shared between neighbours, 2 of 6 between the ends
    for (const texts of permutations(["a b c d", "b c d e", "c d e f", "x y"]))
      expect(duplicates(texts, { shingle: 1, threshold: 0.6 }).near, texts.join(" | ")).toBe(2);
  });

  it("takes a similarity that equals the threshold as near", () => {
    const texts = ["a b c", "a b d"]; // 2 of 4
    expect(duplicates(texts, { shingle: 1, threshold: 0.5 }).near).toBe(1);
    expect(duplicates(texts, { shingle: 1, threshold: 0.51 }).near).toBe(0);
  });

  it("leaves blank texts out and counts them; without texts there is no rate", () => {
    expect(duplicates(["", "a", " \n", "a"])).toMatchObject({ texts: 2, blank: 2, exact: 1, exactRate: 0.5, near: 1 });
    for (const texts of [[], [" "]])
      expect(duplicates(texts)).toMatchObject({
        texts: 0,
        blank: texts.length,
        exactRate: null,
        nearRate: null,
        pairs: [],
      });
  });

  it("lists each duplicate once beside the text most like it, by positions in the given list, the most alike first", () => {
    const texts = ["", "a b c d e", "A B C D E", "a b c d e f", "q r s", "a b c d e f g", "Q, r, s"];
    expect(duplicates(texts, { shingle: 1, threshold: 0.5 }).pairs).toEqual([
      { first: 1, second: 2, similarity: 1, exact: true },
      { first: 4, second: 6, similarity: 1, exact: false },
      // text 5 is 6 of 7 like text 3 and 5 of 7 like text 1; text 3 likewise is nearer to 5 than to 1 (5 of 6)
      { first: 3, second: 5, similarity: 6 / 7, exact: false },
      { first: 1, second: 3, similarity: 5 / 6, exact: false },
    ]);
    expect(duplicates(texts, { shingle: 1, threshold: 0.5, pairs: 1 }).pairs).toHaveLength(1);
    expect(duplicates(texts, { shingle: 1, threshold: 0.5, pairs: 0 })).toMatchObject({ near: 4, pairs: [] });
  });

  it("finds what comparing every text with every other finds, the nearest of each text included", () => {
    // texts of 14 words, each second one an earlier one with one to three of its words changed
    let state = 1;
    const below = (n: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * n);
    };
    const texts: string[][] = [];
    for (let t = 0; t < 200; t++) {
      const words = t % 2 === 0 ? Array.from({ length: 14 }, () => `w${below(500)}`) : [...texts[below(t)]!];
      for (let change = t % 2 === 0 ? 0 : 1 + below(3); change > 0; change--) words[below(14)] = `t${t}`;
      texts.push(words);
    }
    const sets = texts.map((words) => new Set(words.slice(2).map((_, i) => words.slice(i, i + 3).join(" "))));
    const similarity = (a: number, b: number) => {
      const shared = [...sets[a]!].filter((shingle) => sets[b]!.has(shingle)).length;
      return a === b ? 0 : shared / (sets[a]!.size + sets[b]!.size - shared);
    };
    let cluster = texts.map((_, t) => t);
    const nearest = new Set<string>();
    texts.forEach((_, a) => {
      const similarities = texts.map((_, b) => similarity(a, b));
      similarities.forEach((similar, b) => {
        const [from, to] = [cluster[b]!, cluster[a]!];
        if (similar >= 0.4) cluster = cluster.map((c) => (c === from ? to : c));
      });
      const best = Math.max(...similarities);
      const other = similarities.indexOf(best);
      if (best >= 0.4) nearest.add(JSON.stringify([Math.min(a, other), Math.max(a, other), best]));
    });
    const result = duplicates(
      texts.map((words) => words.join(" ")),
      { threshold: 0.4, pairs: 1000 },
    );
    expect(nearest.size).toBeGreaterThan(50);
    expect(result.near).toBe(texts.length - new Set(cluster).size);
    expect(new Set(result.pairs.map((pair) => JSON.stringify([pair.first, pair.second, pair.similarity])))).toEqual(
      nearest,
    );
  });

  it("counts every text of a collapsed generator, far more than it compares with each other", () => {
    const common = Array.from({ length: 30 }, (_, i) => `w${i}`).join(" ");
    // 28 shingles in common, 1 of its own: 28 of 30
    const texts = Array.from({ length: 500 }, (_, t) => `${common} own${t}`);
    const result = duplicates([...texts, "something else entirely"]);
    expect(result).toMatchObject({ texts: 501, exact: 0, near: 499 });
    expect(result.pairs).toHaveLength(100);
  });

  it("lets a text that is like hundreds still join another cluster", () => {
    const words = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
    const collapsed = Array.from({ length: 250 }, (_, t) => [...words("w", 30), `own${t}`]); // 30 of 32 shared
    const pairs = Array.from({ length: 10 }, (_, k) => ({
      outsider: [...words("w", 10), ...words(`v${k}x`, 10)], // 10 of 41 shared with the collapsed, 10 of 30 with each other
      bridge: [...words("w", 30), ...words(`v${k}x`, 10)], // 30 of 41 shared with the collapsed, 20 of 40 with its outsider
    }));
    const outsiders = pairs.map(({ outsider }) => outsider);
    const join = (texts: string[][]) => texts.map((text) => text.join(" "));
    const options = { shingle: 1, threshold: 0.5 };
    expect(duplicates(join([...collapsed, ...outsiders]), options).near).toBe(249);
    const bridges = pairs.map(({ bridge }) => bridge);
    expect(duplicates(join([...collapsed, ...outsiders, ...bridges]), options).near).toBe(269);
  });

  it("refuses options out of their range, all at once", () => {
    const wrong = [{ shingle: 0 }, { shingle: 1.5 }, { threshold: 0 }, { threshold: 1.1 }, { threshold: Number.NaN }];
    for (const options of [...wrong, { pairs: -1 }, { pairs: 0.5 }])
      expect(() => duplicates([], options), JSON.stringify(options)).toThrow(InvalidConfigError);
    expect(() => duplicates([], { shingle: 0, threshold: 2, pairs: -1 })).toThrow(/shingle.*\n.*threshold.*\n.*pairs/);
  });
});
