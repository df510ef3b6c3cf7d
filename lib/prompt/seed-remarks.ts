/** What a person should know of seeds that can be used: those that contradict each other, and what they were copied with. */
import { hasHtml } from "../text/html.js";
import { normalise } from "../text/normalise.js";
import type { Seed, SeedPools } from "./seeds.js";

const mostShown = 3;

/** One warning a kind, whatever the number of seeds. */
export function seedWarnings(labels: readonly { readonly name: string }[], pools: SeedPools): string[] {
  return [...contradictions(labels, pools), ...html(pools)];
}

function contradictions(labels: readonly { readonly name: string }[], pools: SeedPools): string[] {
  const first = new Map<string, { readonly seed: Seed; readonly label: number }>();
  const found = new Map<string, string>(); // one pair of places a text
  for (const [label, pool] of pools.entries()) {
    for (const seed of pool) {
      const key = normalise(seed.text);
      const known = first.get(key);
      if (known === undefined) first.set(key, { seed, label });
      else if (known.label !== label && !found.has(key)) {
        const at = (one: Seed, of: number) => `${one.place} ("${labels[of]?.name}")`;
        found.set(key, `${at(known.seed, known.label)} and ${at(seed, label)}`);
      }
    }
  }
  if (found.size === 0) return [];
  const shown = [...found.values()].slice(0, mostShown).join("; ");
  const rest = found.size > mostShown ? `; and ${found.size - mostShown} more` : "";
  const what = found.size === 1 ? "1 text of the seeds stands" : `${found.size} texts of the seeds stand`;
  return [`${what} under two labels: ${shown}${rest}: remove one of each, or both`];
}

function html(pools: SeedPools): string[] {
  const seeds = pools.flat();
  const count = seeds.filter(({ text }) => hasHtml(text)).length;
  if (count === 0) return [];
  const have = count === 1 ? "seed has" : "seeds have";
  return [
    `${count} of ${seeds.length} ${have} HTML (tags or entities), which rows will imitate: ` +
      "corrsynth seeds FILE --clean takes it off",
  ];
}
