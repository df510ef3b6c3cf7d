// docs/results/labels.md and labels.json, from the figures of all runs there are.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tInterval } from "../../../dist/evaluate/index.js";
import { markdown, rounded } from "../markdown.mjs";
import { arms, rowsCompared, rowsPerRun, tasks, teachers } from "./plan.mjs";

const checkTitles = {
  none: "none",
  direct: "teacher, direct",
  channel: "teacher, channel",
  student: "student, MiniLM",
  proxy: "student, words",
};

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

/** A mean in per cent, with the half width of its 95 % interval over seeds (t). */
function cell(values) {
  const interval = tInterval(values);
  const half = interval === null ? "" : ` ± ${(50 * (interval[1] - interval[0])).toFixed(1)}`;
  return `${(100 * mean(values)).toFixed(1)}${half}`;
}

/** A mean difference in points, bold where its interval leaves out 0. */
function gain(values) {
  const sign = (value) => `${value < 0 ? "−" : "+"}${Math.abs(100 * value).toFixed(1)}`;
  const interval = tInterval(values);
  if (interval === null) return sign(mean(values));
  const text = `${sign(mean(values))} (${sign(interval[0])} … ${sign(interval[1])})`;
  return interval[0] > 0 || interval[1] < 0 ? `**${text}**` : text;
}

function jsonBelow(folder, pattern) {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true }).filter((file) => pattern.test(file));
  return files.sort().map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")));
}

export function write(out, docs) {
  const figures = jsonBelow(out, /figures\.json$/);
  const found = jsonBelow(out, /detectors-\w+-\d+\.json$/);
  const parts = [introduction(), ...(found.length > 0 ? [detectorTable(found)] : [])];
  for (const teacher of Object.keys(teachers)) {
    for (const task of Object.keys(tasks)) {
      const own = figures.filter((run) => run.teacher === teacher && run.task === task);
      if (own.length > 0) parts.push(armTable(own, { teacher, task }));
    }
  }
  writeFileSync(join(docs, "labels.md"), `${parts.join("\n\n")}\n`);
  writeFileSync(join(docs, "labels.json"), `${JSON.stringify({ figures, detectors: found }, rounded, 1)}\n`);
}

function introduction() {
  return `# The right label: methods and checks, with real teachers

Written by \`node scripts/experiment/labels/run.mjs\`; all single figures are in \`docs/results/labels.json\`.

Each run: ${rowsPerRun} accepted rows, three shots, raw prompts, eight groups to a set of prompts, top-p 0.9, α = 1e-3, seeds of
its own (20 of a label, AG News 50). Each line: the first ${rowsCompared} rows, evenly over the labels, of those that the check left.
*Fidelity*: share that a logistic student on MiniLM embeddings of at most 4,000 human training rows gives their label (of TREC the first of its file, which is in no order, for runs measured before 2026-12; now from all of it). *Alone*, *with seeds*: accuracy on the
human test rows of a logistic student on MiniLM embeddings, trained on these rows, and on these and the seeds. Means over seeds of the draw with 95 %
intervals (t); differences are paired by seed, bold where the interval leaves out 0. Fewer than five seeds are a look, not a result.`;
}

function detectorTable(found) {
  const lines = [];
  for (const teacher of Object.keys(teachers)) {
    for (const task of Object.keys(tasks)) {
      const own = found.filter((one) => one.teacher === teacher && one.task === task);
      if (own.length === 0) continue;
      for (const [name, title] of Object.entries(checkTitles)) {
        const judged = own.filter(({ found }) => name in found);
        if (judged.length === 0) continue;
        const of = (figure) => cell(judged.map((one) => one.found[name][figure]));
        const cells = [tasks[task].title, ["student", "proxy"].includes(name) ? "–" : teachers[teacher], title];
        lines.push([...cells, of("auc"), of("recall"), of("precision"), `${judged.length}`]);
      }
    }
  }
  const heads = ["task", "teacher", "check", "AUC", "recall", "precision", "seeds"];
  return `## Checks as detectors of wrong labels

Human test rows, every fifth under a wrong label. AUC: of 1 − the probability of the row's label; recall and precision: of the verdict "agree".

${markdown(heads, lines)}`;
}

function armTable(runs, { teacher, task }) {
  const seedsOnly = runs.filter(({ arm }) => arm === "fewgen").map((run) => run.seedsOnly.logistic);
  const reference = new Map(runs.filter(({ arm }) => arm === "fewgen").map((run) => [run.seed, run]));
  const lines = [];
  for (const [arm, { title }] of Object.entries(arms)) {
    const all = runs.filter((run) => run.arm === arm);
    for (const check of Object.keys(checkTitles)) {
      const own = all.filter(({ byCheck }) => check in byCheck);
      if (own.length === 0) continue;
      const of = (figure) => own.map((run) => figure(run.byCheck[check]));
      const paired = own.filter(({ seed }) => reference.has(seed));
      const against = (figure) => {
        if (arm === "fewgen" && check === "none") return "–";
        return gain(paired.map((run) => figure(run.byCheck[check]) - figure(reference.get(run.seed).byCheck.none)));
      };
      const filters = check === "none" ? cell(own.map((run) => run.filters)) : cell(of((one) => one.acceptance));
      lines.push([
        ...[check === "none" ? title : "", checkTitles[check], filters, mean(of((one) => one.rows)).toFixed(0)],
        ...[
          cell(of((one) => one.fidelity)),
          cell(of((one) => one.alone.logistic)),
          against((one) => one.alone.logistic),
        ],
        ...[cell(of((one) => one.withSeeds.logistic)), against((one) => one.withSeeds.logistic), `${own.length}`],
      ]);
    }
  }
  const heads = ["method", "check", "accepted", "rows", "fidelity", "alone", "over FewGen"];
  const more = ["with seeds", "over FewGen", "seeds"];
  return `## ${tasks[task].title}, ${teachers[teacher]}

The seeds alone: ${seedsOnly.length > 0 ? cell(seedsOnly) : "–"}. *Accepted*: by the run's filters, without a check; by the check of these, with one.

${markdown([...heads, ...more], lines)}`;
}
