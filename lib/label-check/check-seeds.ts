/** Seeds of a check: some stand in its prompts, others calibrate it, and which is drawn once for the whole run. */
import type { Seed, SeedPools } from "../prompt/seeds.js";
import { RandomStream } from "../random.js";
import type { CheckRow } from "./scorer.js";

/** The seeds of each label in random order, the same for the whole run: those that a prompt takes are the first. */
export function shuffledSeeds(seed: number | string, pools: SeedPools): SeedPools {
  return pools.map((pool, label) => {
    const stream = new RandomStream(BigInt(seed), 0, "check", label);
    return stream.sample(pool.length, pool.length).map((position) => pool[position]!);
  });
}

/**
 * The seeds behind the first so many of each label, as rows.
 * @param fields  placeholders of the prompt; a seed that lacks one is left out.
 */
export function spareRows(shuffled: SeedPools, taken: number, fields: readonly string[] = []): CheckRow[][] {
  const isWhole = (seed: Seed) => fields.every((field) => Object.hasOwn(seed.fields, field));
  return shuffled.map((pool, label) =>
    pool
      .slice(taken)
      .filter(isWhole)
      .map(({ place, text, fields: all }) => {
        const values = Object.fromEntries(fields.map((field) => [field, all[field]!]));
        return { id: place, text, label, values };
      }),
  );
}
