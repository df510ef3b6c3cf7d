/** The best documents of a query, of any number that come by. */
import { normalise } from "../text/normalise.js";

/** A document with its score. */
export interface Scored {
  readonly score: number;
  /** Of the document in the corpus, from 1. */
  readonly position: number;
  readonly id: string;
  readonly text: string;
}

/**
 * Keeps the `size` best documents: the higher score first, of equal scores the earlier in the corpus. A heap whose first is
 * the worst, so that memory stays at `size` and nearly all that come are refused by one comparison.
 */
export class Best {
  readonly #size: number;
  readonly #heap: Scored[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  /** Whether a document with this score that comes after all others would be kept. */
  takes(score: number): boolean {
    return this.#heap.length < this.#size || score > this.#heap[0]!.score;
  }

  /** Adds a document that comes after all others; one with the score and the text of another is a repeat of it. */
  add(document: Scored): void {
    if (!this.takes(document.score) || this.#isRepeat(document)) return;
    if (this.#heap.length < this.#size) this.#up(document);
    else this.#down(document);
  }

  /** The best first. */
  ranked(): Scored[] {
    return [...this.#heap].sort((a, b) => (isWorse(a, b) ? 1 : -1));
  }

  #isRepeat({ score, text }: Scored): boolean {
    return this.#heap.some((other) => other.score === score && normalise(other.text) === normalise(text));
  }

  #up(document: Scored): void {
    const heap = this.#heap;
    let at = heap.push(document) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isWorse(document, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = document;
  }

  // In place of the first.
  #down(document: Scored): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isWorse(heap[child + 1]!, heap[child]!)) child++;
      if (!isWorse(heap[child]!, document)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = document;
  }
}

function isWorse(a: Scored, b: Scored): boolean {
  return a.score < b.score || (a.score === b.score && a.position > b.position);
}
