import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { comparableRows } from "../../../lib/evaluate/chosen-rows.js";
import { type Embedder, teacherEmbedder } from "../../../lib/evaluate/embedder.js";
import { evaluate } from "../../../lib/evaluate/evaluate.js";
import type { EvaluateOptions } from "../../../lib/evaluate/evaluate-options.js";
import { noGold } from "../../../lib/evaluate/or-missing.js";
import type { EntityRecogniser } from "../../../lib/evaluate/recognisers.js";
import { selfBleu } from "../../../lib/evaluate/self-bleu.js";

const words = (text: string) => text.split(" ").filter((word) => word !== "");
const tokenizer = { name: "at spaces", tokenize: words };
// Counts of letters: texts of other letters point elsewhere.
const embedder: Embedder = {
  name: "letters",
  embed: async (texts) =>
    texts.map((text) => Float32Array.from("abcdefgh", (letter) => 0.01 + text.split(letter).length - 1)),
};
const recogniser: EntityRecogniser = {
  name: "capitals",
  recognise: async (text) => words(text).flatMap((word) => (/^[A-Z]/.test(word) ? [{ type: "NAME", text: word }] : [])),
};

const rows = [
  { text: "a Ada b a", label: "x", contrastNorms: [4, 2] },
  { text: "a b Bea b", label: "x", contrastNorms: [2] },
  { text: "a Ada b a", label: "x" },
  { text: "g h g h h", label: "y" },
  { text: " ", label: "y" },
  { text: "h g g h g", label: "y" },
];
const gold = [
  { text: "a b b a", label: "x" },
  { text: "b Cy a b", label: "x" },
  { text: "g g h h", label: "y" },
  { text: "", label: "y" },
];
const all: EvaluateOptions = {
  gold,
  seeds: [{ text: "g h g h h", label: "y" }, { text: "z" }],
  embedder,
  recogniser,
  tokenizer,
  seed: 5,
};

const many = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const word = (letter: string, most: number) => letter.repeat(1 + (i % most));
    return { text: `${word("a", 7)} ${word("b", 11)} c ${word("g", 5)} ${i}`, label: i % 2 === 0 ? "x" : "y" };
  });

describe("evaluate", () => {
  it("computes every figure, each with the number of texts it stands on", async () => {
    const found = await evaluate(rows, all);
    expect(found.rows).toEqual({ n: 5, blank: 1, unknownLabel: 0, labels: { x: 3, y: 2 } });
    expect(found.gold).toEqual({ n: 3, blank: 1, unknownLabel: 0, labels: { x: 2, y: 1 } });
    expect(found).toMatchObject({ format: 1, seed: 5, tokenizer: "at spaces" });

    const texts = rows.filter(({ text }) => text !== " ").map(({ text }) => words(text));
    expect(found.diversity).toMatchObject({ n: 5, exactDuplicates: 0.2, nearDuplicates: 0.2, meanTokens: 4.4 });
    for (const order of [2, 3, 4, 5] as const) {
      expect(found.diversity.selfBleu[order]).toBe(selfBleu(texts, { order }).score);
    }
    expect(found.diversity.distinct[1]).toBe(6 / 22); // a, Ada, b, Bea, g, h of 22 tokens
    expect(found.diversityByLabel.y).toMatchObject({ n: 2, meanTokens: 5 });

    expect(found.sample).toMatchObject({ n: 3, matchesGold: false, rows: { n: 3 }, gold: { n: 3 } });
    expect(found.duplicates).toMatchObject({ n: 5, near: 1, pairs: [{ first: 0, second: 2, exact: true }] });
    expect(found.copiesOfSeeds.value).toMatchObject({ n: 5, sources: 2, exactRate: 0.2 });
    expect(found.copiesOfSeeds.value!.pairs).toMatchObject([{ text: 3, source: 0, sourceText: "g h g h h" }]);
    expect(found.copiesOfGold.value).toMatchObject({ n: 5, sources: 3, near: 0 });
    expect(found.lengths).toMatchObject({ rows: { texts: 5 }, gold: { texts: 3, mean: 4 } });
    expect(found.lengths.distance!.wasserstein).toBeCloseTo(0.4); // 2 of 5 texts are one token longer

    // Ada twice, Bea once: -(2/3 log2 2/3 + 1/3 log2 1/3)
    expect(found.entities.value).toMatchObject({ recogniser: "capitals", n: 5, mentions: { NAME: 3 } });
    expect(found.entities.value!.mean).toBeCloseTo(0.9183, 4);
    expect(found.mauve).toEqual({
      value: null,
      reason: "it compares at least 150 rows of each set, and there are 3",
    });
    expect(found.labelCosine.value).toMatchObject({ features: "letters", n: 5, labels: ["x", "y"] });
    expect(found.labelCosine.value!.matrix[0]![1]).toBeLessThan(found.labelCosine.value!.matrix[0]![0]!);
    expect(found.map.value).toMatchObject({ n: 5, positions: [0, 1, 2, 3, 4] });
    expect(found.map.value!.points).toHaveLength(5);

    expect(found.student.value).toMatchObject({ trainRows: 5, testRows: 3, labels: ["x", "y"], accuracy: 1 });
    expect(found.labelFidelity).toEqual({
      value: null,
      reason: "it takes 20 rows to judge the labels of others, 10 for each label, and gold has 3",
    });
    expect(found.yardsticks.proxy.value).toMatchObject({
      testRows: 3,
      sets: { synthetic: { value: { accuracy: 1 } } },
    });
    expect(found.yardsticks.proxy.value!.sets).toMatchObject({
      seeds: { value: { trainRows: 1 } },
      seedsRepeated: { value: { trainRows: 5 } },
      syntheticAndSeeds: { value: { trainRows: 6 } },
      goldOfSameSize: { value: null, reason: expect.stringContaining("--gold-train FILE") as unknown },
      allGold: { value: null },
    });
    expect(found.yardsticks.logistic.value).toMatchObject({
      testRows: 3,
      student: expect.stringContaining("letters") as unknown,
    });
    expect(found.labelWords.value).toMatchObject({ n: 5, share: 0, beside: { of: "gold", n: 3, share: 0 } });
    expect(found.cartography.value).toMatchObject({ n: 5 });
    expect(found.cartography.value!.confidence).toHaveLength(5);
    expect(found.contrast.value).toEqual({
      n: 2,
      beta: 0.9,
      mean: [3, 2],
      smoothed: [3, expect.closeTo(2.9)],
      sequences: [2, 1],
    });
    expect(found.ownStudent).toEqual({ value: null, reason: expect.stringContaining("no student.json") as unknown });
  });

  it("has MAUVE and label fidelity where there are enough rows, and a student's data map where there are two labels", async () => {
    const found = await evaluate(many(300), { ...all, gold: many(160), mapRows: 0 });
    expect(found.mauve.value).toMatchObject({ features: "letters", n: 160, scaling: 1, buckets: 30 });
    expect(found.labelFidelity.value).toMatchObject({ judge: "gold", trainRows: 160, testRows: 300 });
    const one = await evaluate(rows.slice(0, 3), { tokenizer });
    expect(one.cartography).toEqual({ value: null, reason: "there is one label only, and nothing to tell apart" });
  });

  it("leaves students out where there are more labels than they can tell apart, and has all else", async () => {
    const labelled = Array.from({ length: 1001 }, (_, i) => ({ text: `word${i} and more`, label: `label ${i}` }));
    const found = await evaluate(labelled, { tokenizer, gold: labelled, skipUnknownLabels: true });
    const reason = "a student tells at most 1000 labels apart, and there are 1001";
    expect(found.student).toEqual({ value: null, reason });
    expect(found.cartography).toEqual({ value: null, reason });
    expect(found.yardsticks.proxy).toEqual({ value: null, reason });
    expect(found.labelFidelity.value).toBeNull();
    expect(found.rows.n).toBe(1001);
  });

  it("looks for the words of each label, as prompts call it, in the rows, gold or the seeds", async () => {
    const labels = [
      { name: "x", verbalization: "the letter b" },
      { name: "y", verbalization: "the letter h" },
    ];
    const beside = (options: EvaluateOptions) => evaluate(rows, { tokenizer, labels, ...options });
    const found = (await beside({ gold })).labelWords.value!;
    expect(found.labels.map(({ label, words, share }) => [label, words, share])).toEqual([
      ["x", ["b"], 1],
      ["y", ["h"], 1],
    ]);
    expect(found.beside).toEqual({ of: "gold", n: 3, share: 1 });
    const seeds = [{ text: "no such letter", label: "x" }, { text: "b" }];
    expect((await beside({ seeds })).labelWords.value!.beside).toEqual({ of: "seeds", n: 1, share: 0 });
    expect((await beside({})).labelWords.value!.beside).toBeNull();
  });

  it("survives JSON unchanged, and is the same for the same seed", async () => {
    const found = await evaluate(rows, all);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    expect(await evaluate(rows, all)).toEqual(found);
  });

  it("says why a figure is missing", async () => {
    const found = await evaluate([{ text: "one", label: "x" }], { gold: [], tokenizer });
    expect(found.sample.n).toBe(0);
    expect(found.diversity.selfBleu[5]).toBeNull();
    for (const name of [
      "copiesOfSeeds",
      "entities",
      "mauve",
      "labelCosine",
      "map",
      "student",
      "cartography",
      "contrast",
    ] as const) {
      expect(found[name]).toEqual({ value: null, reason: expect.stringMatching(/^\S.*[^.]$/) as unknown });
    }
    expect((await evaluate(rows.slice(0, 3), { ...all, gold: gold.slice(0, 2) })).student).toEqual({
      value: null,
      reason: "there is one label only, and nothing to tell apart",
    });
    const none = await evaluate([], { gold, labels: ["x", "y"], embedder });
    expect(none).toMatchObject({ rows: { n: 0 }, map: { value: null, reason: "there are no rows" } });
  });

  it("does without gold: the same figures of the rows alone, and reasons for the others", async () => {
    const { gold: _, ...rest } = all;
    const found = await evaluate(rows, rest);
    const beside = await evaluate(rows, { ...all, sampleSize: 3 });
    const reason = { value: null, reason: noGold };
    expect(found).toMatchObject({
      gold: null,
      mauve: reason,
      student: reason,
      yardsticks: { proxy: reason },
      copiesOfGold: reason,
    });
    expect(found.sample).toEqual({ n: 5, matchesGold: false, rows: found.diversity, gold: null });
    expect(found.lengths).toMatchObject({ rows: { texts: 5, mean: 4.4 }, gold: null, distance: null });
    for (const name of ["diversity", "duplicates", "copiesOfSeeds", "labelCosine", "map", "contrast"] as const) {
      expect(found[name]).toEqual(beside[name]);
    }
    expect(found.cartography.value!.confidence).toHaveLength(5);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    expect(comparableRows([rows, rows.slice(0, 4)])).toBe(4);
    await expect(evaluate(rows, { ...rest, matchLabels: true })).rejects.toThrow("matchLabels: Expected gold rows");
  });

  it("refuses gold labels that the dataset does not know, or counts them", async () => {
    const other = [...gold, { text: "q", label: "X" }, { text: "q q", label: "X" }];
    await expect(evaluate(rows, { ...all, gold: other })).rejects.toThrow(
      /gold: Unknown label "X" of 2 rows, did you mean "x"\?/,
    );
    const found = await evaluate(rows, { ...all, gold: other, skipUnknownLabels: true });
    expect(found.gold).toEqual({ n: 3, blank: 1, unknownLabel: 2, labels: { x: 2, y: 1 } });
    // a label of the task that no row has is known: gold rows of it count, and are always wrong
    const missed = await evaluate(rows, { ...all, gold: other, labels: ["x", "y", "X"] });
    expect(missed.student.value).toMatchObject({ testRows: 5, unseenLabels: ["X"], accuracy: 0.6 });
  });

  it("compares as many rows as were asked for, in gold's proportions where that is wanted", async () => {
    expect(comparableRows([rows], gold)).toBe(3);
    expect(comparableRows([rows, rows.slice(0, 2)], gold)).toBe(2);
    const found = await evaluate(rows, { ...all, sampleSize: 2, matchLabels: true });
    expect(found.sample).toMatchObject({ n: 2, matchesGold: true, rows: { n: 2 }, gold: { n: 2 } });
    await expect(evaluate(rows, { ...all, sampleSize: 4 })).rejects.toThrow("n: Expected an integer 0..3, received 4");
  });

  it("tells its progress and stops at an aborted signal with its reason", async () => {
    const stages: string[] = [];
    await evaluate(rows, { ...all, onProgress: ({ stage }) => stages.push(stage) });
    for (const stage of ["tokens", "diversity", "student", "embeddings", "2-D map"]) expect(stages).toContain(stage);
    const stop = new AbortController();
    const run = evaluate(rows, {
      ...all,
      signal: stop.signal,
      onProgress: ({ stage }) => stage === "student" && stop.abort(new Error("enough")),
    });
    await expect(run).rejects.toThrow("enough");
  });

  it("can be stopped in the middle of every stage, and tells nothing after that", async () => {
    const reason = new Error("enough");
    for (const wanted of ["duplicates", "copies of gold", "2-D map"]) {
      const stop = new AbortController();
      let later = 0;
      const run = evaluate(many(300), {
        ...{ ...all, gold: many(200), mapRows: 200 },
        signal: stop.signal,
        onProgress: ({ stage }) => {
          if (stop.signal.aborted) later++;
          if (stage === wanted) stop.abort(reason);
        },
      });
      await expect(run, wanted).rejects.toBe(reason);
      expect(later, wanted).toBe(0);
    }
    await expect(evaluate(rows, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it("ends a computation that would go on for hours", async () => {
    const reason = new Error("enough");
    const stop = new AbortController();
    // a map of so many rows takes minutes; its stage is there as soon as it begins
    const vectors = (texts: readonly string[]) => texts.map((_, i) => Float32Array.of(i, 1, i % 7));
    const run = evaluate(many(3000), {
      ...{ tokenizer, embedder: { name: "places", embed: async (texts) => vectors(texts) }, mapRows: 3000 },
      signal: stop.signal,
      onProgress: ({ stage, share }) => stage === "2-D map" && share > 0 && stop.abort(reason),
    });
    await expect(run).rejects.toBe(reason);
  });

  it("leaves the event loop free while it computes", async () => {
    let [ticks, before, after] = [0, 0, 0];
    const timer = setInterval(() => ticks++, 1);
    await evaluate(many(600), {
      ...{ ...all, gold: many(400) },
      onProgress: ({ stage }) => {
        if (stage === "duplicates" && before === 0) before = ticks;
        if (stage === "2-D map") after = ticks;
      },
    });
    clearInterval(timer);
    expect(after - before).toBeGreaterThan(20); // some hundred milliseconds of work, all of it elsewhere
  });

  it("passes on what its metrics refuse, and what a caller's function throws", async () => {
    const bad: Embedder = { name: "bad", embed: async (texts) => texts.map((_, i) => new Float32Array(1 + i)) };
    const refused = await evaluate(rows, { tokenizer, embedder: bad }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InvalidConfigError);
    expect((refused as InvalidConfigError).issues).toEqual([
      { path: "embeddings[1]", message: "Expected a vector of 1 numbers like the first, received 2" },
    ]);
    await expect(evaluate(rows, { tokenizer, seed: -1 })).rejects.toThrow(InvalidConfigError);
    const broken = {
      tokenizer: { name: "broken", tokenize: () => [].at(0)! },
      recogniser: { name: "broken", recognise: () => Promise.reject(new Error("no model")) },
    };
    await expect(evaluate(rows, { tokenizer: broken.tokenizer })).rejects.toThrow(TypeError);
    await expect(evaluate(rows, { tokenizer, recogniser: broken.recogniser })).rejects.toThrow("no model");
    const onProgress = ({ stage }: { readonly stage: string }) => {
      if (stage === "student") throw new Error("nobody listens");
    };
    await expect(evaluate(rows, { tokenizer, onProgress })).rejects.toThrow("nobody listens");
  });
});

describe("teacherEmbedder", () => {
  it("hands texts, pooling and signal to the teacher, and names both", async () => {
    const calls: unknown[] = [];
    const teacher = {
      info: { name: "tiny", pooling: "cls" as const },
      embed: async (texts: readonly string[], options: unknown) => {
        calls.push([texts, options]);
        return texts.map(() => new Float32Array([1]));
      },
    };
    const { signal } = new AbortController();
    expect(teacherEmbedder(teacher).name).toBe("tiny, first token");
    expect(teacherEmbedder(teacher, "last").name).toBe("tiny, last token");
    expect(teacherEmbedder(teacher, "mean", "demo teacher").name).toBe("demo teacher, mean of all tokens");
    await teacherEmbedder(teacher, "mean").embed(["a"], { signal });
    await teacherEmbedder(teacher, "last").embed(["b"], {});
    expect(calls).toEqual([
      [["a"], { pooling: "mean", signal }],
      [["b"], { pooling: "last" }],
    ]);
  });
});
