// Texts to ask whether another repeats one of them. Grows by what is added, and by a bounded size each.
import { createHash } from "node:crypto";
import { normalise } from "../text/normalise.js";
import { NearIndex } from "./near-index.js";
import { shingleHashes } from "./shingles.js";
import { nearness } from "./thresholds.js";

/** What of a text is compared. Computed once, however many sets of texts it is looked up in and added to. */
export class Fingerprint {
  readonly #text: string;
  #key: string | undefined;
  #shingles: Int32Array | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * Stands for the text up to Unicode form, case and white space: 128 bits, of which no two texts will ever share all.
   */
  get key(): string {
    this.#key ??= createHash("sha256").update(normalise(this.#text)).digest("base64").slice(0, 22);
    return this.#key;
  }

  get shingles(): Int32Array {
    this.#shingles ??= shingleHashes(this.#text, nearness.filters.shingle);
    return this.#shingles;
  }
}

const fingerprints = new WeakMap<object, Fingerprint>();

/** The fingerprint of a row's text, the same one for as long as the row is there. */
export function fingerprintOf(row: { readonly text: string }): Fingerprint {
  const known = fingerprints.get(row);
  if (known !== undefined) return known;
  const print = new Fingerprint(row.text);
  fingerprints.set(row, print);
  return print;
}

export class SeenTexts {
  readonly #keys = new Set<string>();
  readonly #near: NearIndex | undefined;

  /** @param threshold  Jaccard similarity of near duplicates, or false to know equal texts only. */
  constructor(threshold: number | false) {
    this.#near = threshold === false ? undefined : new NearIndex(threshold);
  }

  add(text: Fingerprint): void {
    this.#keys.add(text.key);
    this.#near?.add(text.shingles);
  }

  /** "exact" or "near", as the text most like it is; undefined where none is. */
  find(text: Fingerprint): "exact" | "near" | undefined {
    if (this.#keys.has(text.key)) return "exact";
    let isNear = false;
    this.#near?.match(
      text.shingles,
      () => {
        isNear = true;
      },
      () => isNear,
    );
    return isNear ? "near" : undefined;
  }
}
