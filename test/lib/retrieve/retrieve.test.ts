// Contexts of a corpus: scores that a reader can work out, and what is left out.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CorpusText, type RetrieveQuery, retrieve } from "../../../lib/io.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "corrsynth-retrieve-"));
});
afterAll(() => rm(folder, { recursive: true }));

const textsOf = (...texts: string[]): CorpusText[] => texts.map((text) => ({ text }));

async function ranked(query: string, corpus: CorpusText[], perSeed = 50) {
  return (await retrieve([{ text: query }], corpus, { perSeed })).contexts;
}

describe("BM25", () => {
  test("is that of the formula", async () => {
    const corpus = textsOf("red fox", "red red hen farm", "blue sky", "sea");
    // N 4, mean length 9/4; "red" in 2 documents, "fox" in 1
    const idf = (n: number) => Math.log(1 + (4 - n + 0.5) / (n + 0.5));
    const part = (count: number, length: number) => (count * 2.2) / (count + 1.2 * (0.25 + (0.75 * length) / 2.25));
    const scores = { "red fox": idf(1) * part(1, 2) + idf(2) * part(1, 2), "red red hen farm": idf(2) * part(2, 4) };
    const found = await ranked("Fox, red den", corpus);
    expect(found.map(({ score: _, ...rest }) => rest)).toEqual([
      { text: "red fox", id: "1:1", seed: "1", document: "1" },
      { text: "red red hen farm", id: "2:1", seed: "1", document: "2" },
    ]);
    for (const { text, score } of found) expect(score).toBeCloseTo(scores[text as keyof typeof scores], 12);
    const [twice] = await ranked("fox fox den", corpus);
    expect(twice!.score).toBeCloseTo(2 * idf(1) * part(1, 2), 12);
  });

  test("ranks as a sort of all scores would, ties by the order of the corpus", async () => {
    const words = ["sun", "moon", "star", "sky", "sea"];
    const pick = (i: number, j: number) => words[(i * (j + 3) + j * j) % words.length]!;
    const corpus = Array.from({ length: 300 }, (_, i) => ({
      id: `d${i}`,
      text: [0, 1, 2].map((j) => pick(i, j)).join(" ") + " x".repeat(i % 7),
    }));
    const all = await ranked("sun over the moon and sea", corpus, 1000);
    const isOrdered = all.every(({ score, document }, i) => {
      const last = all[i - 1];
      if (last === undefined || last.score > score) return true;
      return last.score === score && Number(last.document.slice(1)) < Number(document.slice(1));
    });
    expect(isOrdered).toBe(true);
    expect(new Set(all.map(({ text }) => text)).size).toBe(all.length); // repeats are left out
    for (const perSeed of [1, 2, 7, 20]) {
      const few = await ranked("sun over the moon and sea", corpus, perSeed);
      expect(few.map(({ document }) => document)).toEqual(all.slice(0, perSeed).map(({ document }) => document));
    }
  });
});

describe("contexts", () => {
  const queries: RetrieveQuery[] = [
    { text: "cup final", label: "sports", id: "s" },
    { text: "cup winners", label: "sports" },
    { text: "oil prices final quarter", label: "business" },
  ];
  const corpus = textsOf(
    "a cup final on sunday",
    "oil falls",
    "cup winners meet",
    "final accounts of the oil company",
    "nothing else",
    "  ",
  );

  test("carry label and id of the seed that found them; a document comes once for a label", async () => {
    const { contexts, documents, examples } = await retrieve(queries, corpus);
    expect(documents).toBe(5);
    expect(contexts.map(({ label, seed, document, id }) => [label, seed, document, id])).toEqual([
      ["sports", "s", "1", "1:1"],
      ["sports", "2", "3", "3:2"],
      ["business", "3", "4", "4:3"],
      ["business", "3", "2", "2:3"],
      ["sports", "s", "4", "4:1"],
      ["business", "3", "1", "1:3"],
    ]);
    expect(examples).toEqual([
      { text: "cup final", label: "sports", id: "s", context: "a cup final on sunday" },
      { text: "cup winners", label: "sports", id: "2", context: "cup winners meet" },
      { text: "oil prices final quarter", label: "business", id: "3", context: "final accounts of the oil company" },
    ]);
    expect(await retrieve(queries, corpus)).toEqual(await retrieve(queries, corpus));
  });

  test("repeat no seed and no text that is excluded, exactly or nearly", async () => {
    const long = "the committee said on monday that the cup will be held in spring in three cities of the north";
    const near = [...textsOf("Cup  FINAL", `${long} again`, `${long} by the sea`), ...corpus];
    const { contexts, excluded } = await retrieve(queries, near, { exclude: [long, "Oil falls"] });
    expect(contexts.map(({ text }) => text).sort()).toEqual(
      ["a cup final on sunday", "cup winners meet", ...Array(2).fill("final accounts of the oil company")]
        .concat("a cup final on sunday")
        .sort(),
    );
    expect(excluded).toBe(4);
  });

  test("are those of a file in any format, whose ids are kept", async () => {
    const rows = corpus.map(({ text }, i) => ({ headline: text, id: `doc-${i}` }));
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    const files = { "c.jsonl": lines, "c.json": JSON.stringify(rows), "c.jsonl.gz": gzipSync(lines) };
    const { contexts } = await retrieve(queries, corpus);
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(folder, name), content);
      const read = await retrieve(queries, join(folder, name), { column: "headline" });
      expect(read.contexts.map(({ id }) => id)).toEqual(contexts.map(({ id }) => id));
      expect(read.contexts[0]!.document).toBe("doc-0");
    }
  });

  test("need no label", async () => {
    const { contexts } = await retrieve([{ text: "oil" }, { text: "oil company" }], corpus);
    expect(contexts.map(({ document }) => document)).toEqual(["2", "4"]);
    expect(contexts[0]).not.toHaveProperty("label");
  });
});

describe("by cosine", () => {
  /** A text of numbers as the vector of these. */
  const embedder = {
    embed: async (texts: readonly string[]) => texts.map((text) => Float32Array.from(text.split(" "), Number)),
  };
  const at = (cosine: number) => `${cosine} ${Math.sqrt(1 - cosine ** 2)}`;
  const corpus = textsOf(
    ...[0.3, 0.95, 0.5, 0.8, 0.45, 0.8, 0.2].map(at).map((text, i) => (i === 5 ? `2 ${text}`.slice(2) : text)),
  );

  test("texts between the two bounds are kept, in batches of any number", async () => {
    const many = Array.from({ length: 20 }, () => corpus).flat();
    const { contexts } = await retrieve([{ text: "1 0" }], many, { embedder, perSeed: 3 });
    expect(contexts.map(({ score }) => score.toFixed(3))).toEqual(["0.800", "0.500", "0.450"]);
    const wide = await retrieve([{ text: "1 0" }], corpus, { embedder, minCosine: -1, maxCosine: 1 });
    expect(wide.contexts.map(({ document }) => document)).toEqual(["2", "4", "3", "5", "1", "7"]);
  });

  test("a corpus that can be read but once will do", async () => {
    function* once() {
      yield* corpus;
    }
    const { contexts } = await retrieve([{ text: "1 0" }], once(), { embedder });
    expect(contexts).toHaveLength(3);
  });
});

describe("refusals", () => {
  const query = [{ text: "a" }];
  test.each<[string, () => Promise<unknown>, string]>([
    ["no query", () => retrieve([], textsOf("a")), "queries: Expected at least one, received none"],
    [
      "blank queries",
      () => retrieve([{ text: " " }, { text: "" }], textsOf("a")),
      "queries[0].text: Expected a text that is not blank, and so for 1 more",
    ],
    ["no texts", () => retrieve(query, textsOf(" ")), "corpus: Expected at least one text that is not blank"],
    ["perSeed", () => retrieve(query, textsOf("a"), { perSeed: 0 }), "perSeed: Expected an integer from 1, received 0"],
    [
      "minCosine",
      () => retrieve(query, textsOf("a"), { minCosine: 2 }),
      "minCosine: Expected a number of -1..1, received 2",
    ],
    [
      "maxCosine",
      () => retrieve(query, textsOf("a"), { maxCosine: 0.1 }),
      "maxCosine: Expected a number of minCosine (0.4)..1",
    ],
    [
      "a text of the corpus",
      () => retrieve(query, [{ text: 5 }] as never),
      'corpus[0]: Expected a text in "text", received 5',
    ],
    ["an item of the corpus", () => retrieve(query, ["a"] as never), 'corpus[0]: Expected { text }, received "a"'],
    [
      "a generator",
      () => retrieve(query, textsOf("a").values()),
      "corpus: Expected a path, or texts that can be read twice",
    ],
    ["a missing file", () => retrieve(query, join(folder, "none.jsonl")), "no such file"],
  ])("%s", async (_, call, message) => {
    await expect(call()).rejects.toThrow(message);
  });

  test("a signal stops it", async () => {
    const stop = new AbortController();
    const many = Array.from({ length: 5000 }, () => ({ text: "a b" }));
    const told: [number, number][] = [];
    const options = {
      signal: stop.signal,
      onProgress: (pass: number, documents: number) => {
        told.push([pass, documents]);
        if (pass === 2) stop.abort(new Error("enough"));
      },
    };
    await expect(retrieve(query, many, options)).rejects.toThrow("enough");
    expect(told).toEqual([...[1000, 2000, 3000, 4000, 5000].map((n) => [1, n]), [2, 1000]]);
  });
});
