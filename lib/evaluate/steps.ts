// Work that can be done in one go or in turns with everything else: a generator that stops between two pieces.
import type { Pace } from "./pace.js";

/** Yields, between two pieces of a few milliseconds, the share of the work that is done, 0..1; returns its result. */
export type Steps<Value> = Generator<number, Value, void>;

/** Does all the work in one piece. */
export function atOnce<Value>(work: Steps<Value>): Value {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Does the work at this pace. */
export async function inTurns<Value>(work: Steps<Value>, pace: Pace): Promise<Value> {
  await pace(0);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await pace(step.value);
  }
}

/** A part of larger work: its shares 0..1 are shares from..to of the whole. */
export function* partOf<Value>(work: Steps<Value>, from: number, to: number): Steps<Value> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    yield from + (to - from) * step.value;
  }
}

const piece = 64; // texts; with 250 words each, about 3 ms of the slowest work on them

/** The value of each item. */
export function* mapSteps<Item, Value>(items: readonly Item[], of: (item: Item, i: number) => Value): Steps<Value[]> {
  const values: Value[] = [];
  for (const [i, item] of items.entries()) {
    if (i % piece === 0) yield i / items.length;
    values.push(of(item, i));
  }
  return values;
}

/** Calls `visit` with 0 .. count - 1. */
export function* eachStep(count: number, visit: (i: number) => void): Steps<void> {
  for (let i = 0; i < count; i++) {
    if (i % piece === 0) yield i / count;
    visit(i);
  }
}
