// The rows by people: which go into prompts, seed by seed, and which the students are tested on.

import { pathText } from "../checks/issues.js";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import { KnownTexts } from "../near/known-texts.js";
import { readSeeds, type Seed, type SeedPools } from "../prompt/seeds.js";
import { evaluationRandom, seedsRandom } from "../random.js";
import type { LabelledText } from "../students/student.js";
import type { SeedSource } from "../task/seed-source.js";
import type { ResolvedSpec } from "../task/spec.js";

/** Seed of the run and of the draw of the prompts' examples, for arena seed 0; that of seed i is i more. */
export const firstSeed = 7;
/** Most rows that students are tested on; of more, so many are drawn. */
const mostTestRows = 5000;

/** Rows by people. */
export interface HumanRows {
  /** By label index, for prompts; null of a task without seeds. */
  readonly prompts: SeedPools | null;
  readonly test: readonly LabelledText[];
  /** Where the test rows are from. */
  readonly testedOn: "gold" | "seeds held out";
  /** Seeds that were held out, but are too like one of the others to test on. */
  readonly alike: number;
}

/**
 * Reads the task's seeds and gold. Without gold the seeds of each label are split once: half to the prompts, the odd one too, and half
 * to test on.
 * @param takesGold  whether gold can be given.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with what is wrong with a source; with every seed that is exactly or nearly
 *   a test text; and with the labels that have too few seeds to split.
 */
export async function humanRows(
  spec: ResolvedSpec,
  gold: SeedSource | undefined,
  takesGold = true,
): Promise<HumanRows> {
  const { labels } = spec;
  const pools = spec.seeds === undefined ? null : await readSeeds(spec.seeds, labels, "seeds");
  if (gold === undefined) return heldOut(pools!, labels, takesGold);
  const found = rowsOf(await readSeeds(gold, labels, "gold"), labels);
  if (found.length === 0)
    throw new InvalidConfigError([{ path: "gold", message: "Expected human rows, received none" }]);
  refuseKnown(pools ?? [], found);
  const drawn = evaluationRandom(firstSeed, "sample").sample(found.length, Math.min(found.length, mostTestRows));
  const test = drawn.sort((a, b) => a - b).map((r) => found[r]!);
  return { prompts: pools, test, testedOn: "gold", alike: 0 };
}

function refuseKnown(pools: SeedPools, gold: readonly LabelledText[]): void {
  const known = new KnownTexts(gold.map(({ text }) => text));
  const issues = pools.flat().flatMap(({ place, text }): ConfigIssue[] => {
    if (!known.has(text)) return [];
    return [
      { path: place, message: "Expected no seed that gold has, exactly or nearly: this one tests what it teaches" },
    ];
  });
  if (issues.length === 0) return;
  const message = "corrsynth seeds --exclude GOLD draws seeds that gold does not have";
  throw new InvalidConfigError([...issues, { path: "", message }]);
}

function heldOut(pools: SeedPools, labels: ResolvedSpec["labels"], takesGold: boolean): HumanRows {
  const few = pools.flatMap((pool, k): ConfigIssue[] => {
    if (pool.length > 1) return [];
    const message = `Expected at least 2 seeds, one of them to be held out for the test, received ${pool.length}: add some${takesGold ? ", or give gold" : ""}`;
    return [{ path: pathText(["seeds", labels[k]!.name]), message }];
  });
  if (few.length > 0) throw new InvalidConfigError(few);
  const parts = pools.map((pool, k) => {
    const order = seedsRandom(0, k).sample(pool.length, pool.length);
    const half = Math.ceil(pool.length / 2);
    const at = (places: readonly number[]) => [...places].sort((a, b) => a - b).map((p) => pool[p]!);
    return { prompts: at(order.slice(0, half)), held: at(order.slice(half)) };
  });
  const prompts = parts.map((part) => part.prompts);
  const known = new KnownTexts(prompts.flatMap((pool) => pool.map(({ text }) => text)));
  const held = rowsOf(
    parts.map((part) => part.held),
    labels,
  );
  const test = held.filter(({ text }) => !known.has(text));
  if (test.length === 0) {
    const message =
      "Expected seeds that differ from each other, some of them to be held out for the test: all are alike";
    throw new InvalidConfigError([{ path: "seeds", message }]);
  }
  return { prompts, test, testedOn: "seeds held out", alike: held.length - test.length };
}

/** Rows with the names of their labels. */
export function rowsOf(pools: SeedPools, labels: ResolvedSpec["labels"]): LabelledText[] {
  return pools.flatMap((pool, k) => pool.map(({ text }) => ({ text, label: labels[k]!.name })));
}

/** What the prompts of an arena seed are made of: `perLabel` of each label, drawn anew for each seed, or all there are. */
export function drawnPrompts(pools: SeedPools, seed: number, perLabel: number): SeedPools {
  return pools.map((pool, k) => {
    if (pool.length <= perLabel) return pool;
    const places = seedsRandom(firstSeed + seed, k).sample(pool.length, perLabel);
    return places.map((p) => pool[p]!);
  });
}

/** As lines of a seeds file. */
export function seedLines(pools: SeedPools, labels: ResolvedSpec["labels"]): string {
  const line = ({ id, text, fields }: Seed, k: number) =>
    JSON.stringify({ ...fields, id, text, label: labels[k]!.name });
  return pools.flatMap((pool, k) => pool.map((seed) => `${line(seed, k)}\n`)).join("");
}
