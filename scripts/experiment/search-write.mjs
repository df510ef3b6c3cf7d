// docs/results/search.md and search.json: what was searched, and what the fresh seeds say of the best.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { gainCell, markdown, rounded } from "./markdown.mjs";

/** Writes the rounds that are done. */
export function writeSearch({ rounds, isComplete, runs, space, warmUps, coarse, keep, fresh, rows, perLabel, out }) {
  const date = new Date().toISOString().slice(0, 10);
  const about = {
    rows,
    goldRows: 8 * perLabel,
    date,
    cpu: cpus()[0]?.model,
    coarse,
    keep,
    fresh,
    warmUps,
    runs,
    isComplete,
  };
  const searched = space.flatMap(({ settings }) => settings.map(({ title }) => title));
  const chosen = rounds.slice(0, coarse.length);
  const confirmed = isComplete ? rounds.at(-1) : null;
  mkdirSync(out, { recursive: true });
  const json = JSON.stringify({ about, confirmed, choosing: chosen, searched }, rounded, 1);
  writeFileSync(join(out, "search.json"), `${json}\n`);
  writeFileSync(join(out, "search.md"), page({ about, space, searched, chosen, confirmed }));
}

function page({ about, space, searched, chosen, confirmed }) {
  const temperatures = space[0].curve.map(({ sampling }) => sampling.temperature).join(", ");
  const [few, more] = about.coarse;
  return `# The search for a gain in accuracy

Written by \`node scripts/experiment/search.mjs\` on ${about.date} (${about.cpu}, one thread). The question: is there a setting in
which CorrSynth trains a better proxy student than FewGen does at the temperature of equal Self-BLEU? Task, teacher, student and
gold are those of [the results](../results/README.md): ${about.rows} rows a run, ${about.goldRows.toLocaleString("en-US")} gold rows.

**Searched**: ${searched.length} settings in ${space.length} families: Intra with δ 0.95, 0.9, 0.85; Cross with δ 0.95, 0.9; Hybrid with (γ_intra, γ_cross)
(0.1, 0.05), (0.1, 0.1), (0.2, 0.1); each with plausibility α 1e-3, 1e-2, 5e-2, with 1, 3, 5 in-context examples, and with ${about.warmUps.join(", ")}
tokens drawn without contrast at the beginning of each instance. FewGen of the same α and examples, at temperatures ${temperatures},
is the curve that each is compared with; between two temperatures it is a straight line.

**Chosen** by the gain in accuracy: of all, with ${few} seed${few === 1 ? "" : "s"} each, the best ${about.keep[0]}; of these, with ${more}, the best ${about.keep[1]}. The best of
so many owe their place partly to luck, so **only runs with ${about.fresh} fresh seeds count**, of settings and curves alike. They share the
gold rows and the examples with those that chose.

## What came out

${confirmed === null ? unfinished(about, chosen) : outcome(confirmed.candidates, chosen.at(-1).candidates)}
`;
}

function unfinished({ runs }, chosen) {
  return `The search is not done: ${chosen.length} of its choosing rounds are, after ${runs} runs. There is no result yet.`;
}

function outcome(candidates, before) {
  const gainBefore = new Map(before.map(({ key, accuracy }) => [key, accuracy]));
  const lines = candidates.map(({ title, key, selfBleu, value, accuracy, agreement }) => {
    const chosenBy = gainBefore.get(key);
    return [
      title,
      (100 * selfBleu.mean).toFixed(1),
      (100 * value.mean).toFixed(1),
      gainCell(accuracy),
      gainCell(agreement),
      chosenBy ? gainCell({ ...chosenBy, interval: null }) : "–",
    ];
  });
  return `${markdown(["Setting", "Self-BLEU-5", "Accuracy", "Gain in accuracy", "Gain in agreement", "Gain when chosen"], lines)}

Gains are percentage points above FewGen's curve at the setting's own Self-BLEU, with 95 % intervals (Student's t, not corrected
for their number); **bold** where the interval leaves out 0. A dash: the curve does not reach there. "When chosen" is what the
choosing seeds showed: that the fresh ones show less is what choosing does.

${verdict(candidates)}`;
}

// In words that follow from the numbers alone.
function verdict(candidates) {
  const known = candidates.filter(({ accuracy }) => accuracy?.interval);
  const few = "Of fewer than two fresh seeds, or off the curve: no interval, and so nothing that these numbers show.";
  if (known.length === 0) return few;
  const up = known.filter(({ accuracy }) => accuracy.interval[0] > 0).length;
  const down = known.filter(({ accuracy }) => accuracy.interval[1] < 0).length;
  const chance = (0.05 * known.length).toFixed(1);
  const found =
    up === 0 ? "No setting that was found trains a better student" : `${up} of ${known.length} train a better student`;
  return `${found} than FewGen at equal diversity by more than its interval; ${down} train${down === 1 ? "s" : ""} a worse one. By chance alone,
${chance} of ${known.length} intervals would leave out 0, half of them on either side.`;
}
