// Vectors as files: what is in them, by hand, and what is refused.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exportVectors, readTable, type TextEmbedder } from "../../../lib/io.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-vectors-"));
});
afterEach(() => rm(directory, { recursive: true }));

/** [3, 4] for every text, scaled by its length in words. */
const embedder: TextEmbedder = {
  embed: async (texts) => texts.map((text) => Float32Array.of(3, 4).map((x) => x * text.split(" ").length)),
};
const lines = [
  { id: "a", text: "one", label: "x" },
  { id: "b", text: " ", label: "x" },
  { id: 7, text: "two words", label: "y" },
];

async function rowsOf(rows: readonly object[] = lines) {
  const path = join(directory, "rows.jsonl");
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return (await readTable(path, { label: null })).rows;
}

const at = (name: string) => join(directory, name);
const json = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

describe("a file of vectors", () => {
  it(".npy: numpy's header and float32, row after row; ids and lines beside it", async () => {
    const made = await exportVectors(await rowsOf(), { out: at("v.npy"), embedder, normalize: false });
    expect(made).toEqual({ rows: 2, blank: 1, dimensions: 2, files: [at("v.npy"), at("v.ids.jsonl")] });
    const bytes = await readFile(at("v.npy"));
    expect([...bytes.subarray(0, 10)]).toEqual([0x93, 78, 85, 77, 80, 89, 1, 0, 118, 0]);
    const header = bytes.subarray(10, 128).toString("latin1");
    expect(header).toMatch(/^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2, 2\), \} +\n$/);
    const values = new DataView(bytes.buffer, bytes.byteOffset + 128);
    expect(bytes.length).toBe(128 + 16);
    expect([0, 4, 8, 12].map((byte) => values.getFloat32(byte, true))).toEqual([3, 4, 6, 8]);
    expect(json(await readFile(at("v.ids.jsonl"), "utf8"))).toEqual([
      { id: "a", line: 1 },
      { id: 7, line: 3 },
    ]);
  });

  it(".jsonl: the rows as they came, and their vectors, scaled to length 1", async () => {
    await exportVectors(await rowsOf(), { out: at("v.jsonl"), embedder });
    const unit = [expect.closeTo(0.6, 6), expect.closeTo(0.8, 6)];
    expect(json(await readFile(at("v.jsonl"), "utf8"))).toEqual([
      { ...lines[0], embedding: unit },
      { ...lines[2], embedding: unit },
    ]);
  });

  it(".parquet: text, id and label where all rows have them, and the vector", async () => {
    await exportVectors(await rowsOf(), { out: at("v.parquet"), embedder, normalize: false });
    const parquet = async (name: string) => parquetReadObjects({ file: await asyncBufferFromFile(at(name)) });
    expect(await parquet("v.parquet")).toEqual([
      { text: "one", id: "a", label: "x", embedding: [3, 4] },
      { text: "two words", id: "7", label: "y", embedding: [6, 8] },
    ]);
    await exportVectors(await rowsOf([{ text: "one" }]), { out: at("bare.parquet"), embedder });
    expect(Object.keys((await parquet("bare.parquet"))[0]!)).toEqual(["text", "embedding"]);
    expect((await readTable(at("v.parquet"))).rows.map(({ label }) => label)).toEqual(["x", "y"]);
  });

  it("holds no more than a batch of vectors, and is watched", async () => {
    const sizes: number[] = [];
    const done: number[] = [];
    const watched: TextEmbedder = {
      embed: (texts, options) => {
        sizes.push(texts.length);
        return embedder.embed(texts, options);
      },
    };
    const many = await rowsOf(Array.from({ length: 150 }, (_, i) => ({ text: `text ${i}` })));
    await exportVectors(many, { out: at("v.npy"), embedder: watched, onProgress: (n) => done.push(n) });
    expect([sizes, done]).toEqual([
      [64, 64, 22],
      [64, 128, 150],
    ]);
  });
});

describe("refused, with nothing left behind:", () => {
  const broken = (vector: Float32Array): TextEmbedder => ({ embed: async (texts) => texts.map(() => vector) });
  const refused: [what: string, out: string, embedder: TextEmbedder, message: RegExp][] = [
    ["another ending", "v.csv", embedder, /ends in \.npy, \.jsonl, \.parquet, received/],
    [
      "a vector that is not finite",
      "v.npy",
      broken(Float32Array.of(1, Number.NaN)),
      /2 finite numbers for the text of line 1/,
    ],
    ["no vector", "v.jsonl", { embed: async () => [] }, /received 0|Expected/],
  ];
  it.each(refused)("%s", async (_, out, embedder, message) => {
    await expect(exportVectors(await rowsOf(), { out: at(out), embedder })).rejects.toThrow(message);
    expect(await readdir(directory)).toEqual(["rows.jsonl"]);
  });

  it("blank texts alone, a path that is taken, an abort between batches", async () => {
    const blank = exportVectors(await rowsOf([{ text: " " }]), { out: at("v.npy"), embedder });
    await expect(blank).rejects.toThrow(/a text that is not blank, received none/);
    await writeFile(at("v.npy"), "mine");
    await expect(exportVectors(await rowsOf(), { out: at("v.npy"), embedder })).rejects.toThrow(/--force/);
    expect(await readFile(at("v.npy"), "utf8")).toBe("mine");
    const controller = new AbortController();
    const many = await rowsOf(Array.from({ length: 150 }, (_, i) => ({ text: `text ${i}` })));
    const stop = { signal: controller.signal, onProgress: () => controller.abort(new Error("enough")) };
    const stopped = exportVectors(many, { out: at("v.npy"), embedder, force: true, ...stop });
    await expect(stopped).rejects.toThrow("enough");
    expect(await readFile(at("v.npy"), "utf8")).toBe("mine");
    expect((await exportVectors(many, { out: at("v.npy"), embedder, force: true })).rows).toBe(150);
  });
});
