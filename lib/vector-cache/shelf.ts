// The vectors of one model, read in one way: a folder of files. Each process appends to a file of its own, so that none
// waits for another, and reads what all of them have written.
import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readFile, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { evict, vectorFiles } from "./evict.js";
import { headerBytes, headerOf, keyOf, recordBytes, recordOf, recordsIn, vectorIn } from "./vector-file.js";

/** Bytes of a file; the next vectors begin another. */
const mostFileBytes = 64e6;

/** Where a vector lies. */
interface Place {
  readonly path: string;
  readonly position: number;
  readonly dimensions: number;
}

/** What a shelf is opened with. */
export interface ShelfOptions {
  /** Of the cache. */
  readonly folder: string;
  readonly maxBytes: number;
  /** Told once when something cannot be written; nothing is from then on. */
  readonly onProblem: (problem: string) => void;
}

export class Shelf {
  readonly #key: string;
  readonly #folder: string;
  readonly #options: ShelfOptions;
  readonly #places: Map<string, Place>;
  /** Files that this process has found of use. */
  readonly #used = new Set<string>();
  #own: { readonly path: string; bytes: number } | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isBroken = false;

  private constructor(key: string, folder: string, places: Map<string, Place>, options: ShelfOptions) {
    this.#key = key;
    this.#folder = folder;
    this.#places = places;
    this.#options = options;
  }

  /** @param key  everything beside the text that a vector depends on. */
  static async open(key: string, options: ShelfOptions): Promise<Shelf> {
    const folder = join(options.folder, createHash("sha256").update(key).digest("hex").slice(0, 32));
    const places = new Map<string, Place>();
    for (const { path } of await vectorFiles(folder)) {
      const file = await readFile(path).catch(() => Buffer.alloc(0)); // another process has evicted it
      for (const { key: own, ...place } of recordsIn(file)) places.set(own, { path, ...place });
    }
    return new Shelf(key, folder, places, options);
  }

  has(text: string): boolean {
    return this.#places.has(keyOf(this.#key, text));
  }

  /** The vector of each text; undefined where there is none, or where it is damaged. */
  async get(texts: readonly string[]): Promise<(Float32Array | undefined)[]> {
    const found = new Array<Float32Array | undefined>(texts.length);
    const wanted = new Map<string, { readonly t: number; readonly key: string; readonly place: Place }[]>();
    for (const [t, text] of texts.entries()) {
      const key = keyOf(this.#key, text);
      const place = this.#places.get(key);
      if (place === undefined) continue;
      const ofFile = wanted.get(place.path) ?? [];
      ofFile.push({ t, key, place });
      wanted.set(place.path, ofFile);
    }
    for (const [path, records] of wanted) {
      const file = await open(path, "r").catch(() => undefined);
      try {
        for (const { t, key, place } of records) {
          const bytes = Buffer.alloc(recordBytes(place.dimensions));
          await file?.read(bytes, 0, bytes.length, place.position).catch(() => undefined);
          found[t] = vectorIn(bytes, key);
          if (found[t] === undefined) this.#places.delete(key); // it is stored anew
        }
      } finally {
        await file?.close();
      }
      if (!this.#used.has(path)) await utimes(path, new Date(), new Date()).catch(() => undefined);
      this.#used.add(path);
    }
    return found;
  }

  /** Keeps the vectors of texts. Nothing fails: what cannot be written is not kept. */
  put(texts: readonly string[], vectors: readonly Float32Array[]): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      if (this.#isBroken) return;
      try {
        await this.#append(texts, vectors);
      } catch (error) {
        this.#isBroken = true;
        this.#options.onProblem((error as Error).message);
      }
    });
    return this.#writing;
  }

  async #append(texts: readonly string[], vectors: readonly Float32Array[]): Promise<void> {
    const fresh = new Map<string, Float32Array>();
    for (const [t, text] of texts.entries()) {
      const key = keyOf(this.#key, text);
      if (!this.#places.has(key)) fresh.set(key, vectors[t]!);
    }
    const [first] = fresh.values();
    if (first === undefined) return;
    const own = await this.#ownFile(first.length);
    const file = await open(own.path, "r+");
    try {
      const bytes = Buffer.concat([...fresh].map(([key, vector]) => recordOf(key, vector)));
      await writeAll(file, bytes, own.bytes);
      let position = own.bytes;
      for (const [key, { length }] of fresh) {
        this.#places.set(key, { path: own.path, position, dimensions: length });
        position += recordBytes(length);
      }
      own.bytes = position;
    } finally {
      await file.close();
    }
  }

  async #ownFile(dimensions: number): Promise<{ readonly path: string; bytes: number }> {
    const isThere = this.#own !== undefined && (await stat(this.#own.path).catch(() => undefined)) !== undefined;
    if (isThere && this.#own!.bytes < mostFileBytes) return this.#own!; // else another process has evicted it
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, `${randomUUID()}.vectors`);
    const file = await open(path, "wx", 0o600);
    try {
      await writeAll(file, headerOf(dimensions), 0);
    } finally {
      await file.close();
    }
    this.#own = { path, bytes: headerBytes };
    await evict(this.#options.folder, this.#options.maxBytes, path);
    return this.#own;
  }
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
