// The cache of vectors: a vector from it is the one that would be computed, and whatever happens to its files costs time alone.
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type EmbedOptions, InvalidConfigError, loadEmbedder, VectorCache } from "../../../lib/index.js";
import { Shelf } from "../../../lib/vector-cache/shelf.js";
import { bertFile } from "../helpers/bert.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "corrsynth-vectors-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const texts = ["small burrowing rodent", "a tall tree", "a", "a tall tree with white flowers and red fruit", "a bird"];

/** All files of the cache. */
async function files(): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith(".vectors")).map((name) => join(folder, name));
}

async function bert(name: string, pooling: number): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bertFile(pooling));
  return path;
}

describe("embed with a cache", () => {
  it("gives the same bits as without, whichever texts were there before and beside whichever others they stand", async () => {
    await using model = await loadEmbedder("demo");
    const alone = await model.embed(texts);
    expect(await model.isCached(texts)).toEqual([false, false, false, false, false]);
    for (const before of [[], ["a bird", "a"], texts]) {
      const own = join(folder, String(before.length));
      const cache = new VectorCache({ folder: own });
      await model.embed(before, { cache });
      expect(await model.isCached(texts, { cache })).toEqual(texts.map((text) => before.includes(text)));
      expect(await model.embed(texts, { cache })).toEqual(alone);
      const again = new VectorCache({ folder: own });
      expect(await model.isCached(texts, { cache: again })).toEqual(texts.map(() => true));
      expect(await model.embed([...texts, texts[0]!].reverse(), { cache: again })).toEqual(
        [...alone, alone[0]!].reverse(),
      );
    }
  });

  it("tells how far it is, those in the cache at once", async () => {
    await using model = await loadEmbedder("demo");
    const cache = new VectorCache({ folder });
    const many = Array.from({ length: 100 }, (_, i) => `${i} birds`);
    await model.embed(many.slice(0, 20), { cache });
    const told: number[] = [];
    await model.embed(many, { cache, onProgress: (done) => told.push(done) });
    await model.embed(many, { cache, onProgress: (done) => told.push(done) });
    expect(told).toEqual([20, 84, 100, 100]);
  });

  it("takes no vector of another pooling, another limit, or another model", async () => {
    await using model = await loadEmbedder("demo");
    const cache = new VectorCache({ folder: join(folder, "cache") });
    await model.embed(texts, { cache });
    const others: EmbedOptions[] = [{ pooling: "mean" }, { pooling: "cls" }, { maxTokens: 2 }];
    for (const options of others) {
      expect(await model.isCached(texts, { cache, ...options })).toEqual(texts.map(() => false));
      expect(await model.embed(texts, { cache, ...options })).toEqual(await model.embed(texts, options));
    }
    await using first = await loadEmbedder(await bert("first.gguf", 1));
    await first.embed(["small grey bird"], { cache });
    await using second = await loadEmbedder(await bert("second.gguf", 2));
    expect(await second.isCached(["small grey bird"], { cache, pooling: "mean" })).toEqual([false]);
  });

  it("refuses what embed refuses, and a closed model, although all is in the cache", async () => {
    const model = await loadEmbedder("demo");
    const cache = new VectorCache({ folder });
    await model.embed(texts, { cache });
    await expect(model.embed([" "], { cache })).rejects.toThrow(/texts\[0\]: Expected a text that is not blank/);
    await expect(model.isCached([" "], { cache })).rejects.toThrow(InvalidConfigError);
    await expect(model.embed(texts, { cache, signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
      "enough",
    );
    await model.close();
    await expect(model.embed(texts, { cache })).rejects.toThrow(/closed/);
  });

  it("writes no text, and lets nobody else read what it writes", async () => {
    await using model = await loadEmbedder("demo");
    await model.embed(texts, { cache: new VectorCache({ folder: join(folder, "cache") }) });
    const [path] = await files();
    const content = await readFile(path!, "latin1");
    for (const text of texts.filter(({ length }) => length > 3)) expect(content).not.toContain(text);
    if (process.platform === "win32") return;
    expect((await stat(path!)).mode & 0o077).toBe(0);
  });

  it("is shared by processes that write at once", async () => {
    const run = (from: number) => {
      const program = `
        import { loadEmbedder, VectorCache } from ${JSON.stringify(resolve("dist/index.js"))};
        const model = await loadEmbedder("demo");
        const cache = new VectorCache({ folder: ${JSON.stringify(folder)} });
        for (let i = ${from}; i < ${from} + 40; i += 4) {
          await model.embed([0, 1, 2, 3].map((more) => \`number \${i + more}\`), { cache, threads: 1 });
        }
        await model.close();`;
      return promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
    };
    await Promise.all([run(0), run(20)]);
    await using model = await loadEmbedder("demo");
    const all = Array.from({ length: 60 }, (_, i) => `number ${i}`);
    const cache = new VectorCache({ folder });
    expect((await files()).length).toBe(2);
    expect(await model.isCached(all, { cache })).toEqual(all.map(() => true));
    expect(await model.embed(all, { cache })).toEqual(await model.embed(all));
  });
});

const vectors = texts.map((_, t) => Float32Array.of(t, -t, 1 / (t + 1)));
const open = (maxBytes = 1e9, onProblem: (problem: string) => void = () => undefined) =>
  Shelf.open("key", { folder, maxBytes, onProblem });

async function filled(): Promise<string> {
  await (await open()).put(texts, vectors);
  const [path] = await files();
  return path!;
}

describe("the files of a cache", () => {
  const header = 16;
  const record = 32 + 3 * 4 + 4;
  const damages: readonly [what: string, damage: (path: string) => Promise<unknown>, left: readonly number[]][] = [
    ["nothing", async () => undefined, [0, 1, 2, 3, 4]],
    ["a kill in the last record", (path) => truncate(path, header + 5 * record - 1), [0, 1, 2, 3]],
    ["a kill in the header", (path) => truncate(path, 10), []],
    ["no byte at all", (path) => truncate(path, 0), []],
    ["a bit of a vector", (path) => flip(path, header + record + 35), [0, 2, 3, 4]],
    ["a bit of a text's hash", (path) => flip(path, header + 2 * record), [0, 1, 3, 4]],
    ["a bit of a checksum", (path) => flip(path, header + 3 * record - 1), [0, 1, 3, 4]],
    ["another length of vectors", (path) => flip(path, 8), []],
    ["another file of that name", (path) => writeFile(path, "{}\n".repeat(100)), []],
  ];
  it.each(damages)("after %s give the vectors that are whole, and no others", async (_, damage, left) => {
    await damage(await filled());
    const found = await (await open()).get(texts);
    expect(found).toEqual(vectors.map((vector, t) => (left.includes(t) ? vector : undefined)));
  });

  it("that are damaged, or gone, while they are in use cost their vectors, which are kept anew", async () => {
    const path = await filled();
    const shelf = await open();
    await flip(path, header + 35);
    expect(await shelf.get(texts)).toEqual([undefined, ...vectors.slice(1)]);
    expect(shelf.has(texts[0]!)).toBe(false);
    await shelf.put(texts, vectors);
    expect(await shelf.get(texts)).toEqual(vectors);
    for (const file of await files()) await rm(file);
    expect(await shelf.get(texts)).toEqual(texts.map(() => undefined));
    await shelf.put(texts, vectors);
    expect(await (await open()).get(texts)).toEqual(vectors);
  });

  it("go, the longest unused first, when they come to more than the cache may hold; other files stay", async () => {
    const size = header + 5 * record;
    const paths: string[] = [];
    for (const key of ["old", "used", "new"]) {
      const before = await files();
      await (await Shelf.open(key, { folder, maxBytes: 1e9, onProblem: () => undefined })).put(texts, vectors);
      paths.push(...(await files()).filter((path) => !before.includes(path)));
    }
    await writeFile(join(folder, "notes.txt"), "mine");
    for (const [i, path] of paths.entries()) await utimes(path, 1000 + i, 1000 + i);
    await (await Shelf.open("old", { folder, maxBytes: 1e9, onProblem: () => undefined })).get(texts); // is used again
    await (await open(2 * size + header)).put(texts, vectors);
    expect(await files()).toEqual(expect.arrayContaining([paths[0]!, paths[2]!]));
    expect(await files()).toHaveLength(3);
    expect(await readFile(join(folder, "notes.txt"), "utf8")).toBe("mine");
  });

  it("that cannot be written are said once, and nothing fails", async () => {
    const place = join(folder, "file");
    await writeFile(place, "");
    const told: string[] = [];
    const shelf = await Shelf.open("key", { folder: place, maxBytes: 1e9, onProblem: (problem) => told.push(problem) });
    await shelf.put(texts, vectors);
    await shelf.put(texts, vectors);
    expect(told).toEqual([expect.stringMatching(/ENOTDIR|EEXIST/)]);
    expect(await shelf.get(texts)).toEqual(texts.map(() => undefined));
  });
});

describe("VectorCache", () => {
  it("lies where the environment says, or not at all", () => {
    const of = (env: NodeJS.ProcessEnv) => VectorCache.ofEnvironment(env)?.folder;
    expect(of({ CORRSYNTH_VECTOR_CACHE: folder, XDG_CACHE_HOME: "/x" })).toBe(folder);
    expect(of({ XDG_CACHE_HOME: folder })).toBe(join(folder, "corrsynth", "vectors"));
    expect(of({})).toMatch(/[\\/]\.cache[\\/]corrsynth[\\/]vectors$/);
    for (const off of ["off", "OFF", "0", "no", "false"]) expect(of({ CORRSYNTH_VECTOR_CACHE: off })).toBeUndefined();
  });

  it("refuses a size that is none", () => {
    for (const maxBytes of [-1, 0.5, Number.NaN]) {
      expect(() => new VectorCache({ folder, maxBytes })).toThrow(/maxBytes: Expected an integer from 0/);
    }
  });
});

async function flip(path: string, position: number): Promise<void> {
  const content = await readFile(path);
  content[position] = content[position]! ^ 1;
  await writeFile(path, content);
}
