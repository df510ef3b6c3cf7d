/** The front door: a task in, labelled instances out, one at a time. */

import type { Teacher } from "../engine/teacher.js";
import { comparesRows } from "../filters/repeats.js";
import { labelSets } from "../methods/label-sets.js";
import type { LabelNames, LabelsInput, TaskOf } from "../task/label-names.js";
import { usesPlaceholder } from "../task/prompt-spec.js";
import { type ResolvedSpec, resolveSpec } from "../task/spec.js";
import { checkCheckpoint } from "./checkpoint.js";
import { wholeGoal } from "./goal.js";
import type { RunOptions } from "./options.js";
import type { Prepared } from "./prepare.js";
import { type Run, startRun } from "./run.js";
import { Selection } from "./selection.js";

/**
 * Synthesises a labelled dataset.
 *
 * Rows are judged by the filters of the task in the order of their groups; those that are rejected are made up for by
 * further groups, which have the rows of the labels that still lack some and the partners of these; the report counts
 * them by label and reason. A good row of a label that is full is surplus: it is
 * dropped, and later rows are not compared with it.
 *
 * A slow consumer slows the engine; memory stays flat, but for about 2 KB an instance by which its duplicates are
 * known. The same task, seed and teacher give the same instances in the same order on the same machine, whatever else
 * the program does meanwhile.
 *
 * @typeParam Labels  of the task; those that are `as const` type `Instance.label`.
 * @param spec What to synthesise, see {@link SynthesisSpec} for fields and defaults; or what `resolveSpec` made of it,
 *   which is not looked at again. Its sources are read once, so that one that can be read but once will do.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG at once, with every wrong field, `resume` included. What only
 *   the seeds or the model can show (no seeds for a label, a prompt that does not fit) rejects the iteration before its
 *   first instance.
 * @throws {QuotaError} CORRSYNTH_QUOTA_NOT_MET after the last instance, when `limits.maxGroups` was too few; the error
 *   has the report.
 * @example
 * const run = synthesize(teacher, {
 *   labels: { animal: "an animal", plant: "a plant" },
 *   prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
 *   method: cross(), count: 10, sampling: { stop: ["\n"], maxTokens: 48, seed: 7 },
 * });
 * for await (const { label, text } of run) console.log(label, text);
 * console.log((await run.finished).tokensPerSecond);
 */
export function synthesize<Labels extends LabelsInput>(
  teacher: Teacher,
  spec: TaskOf<Labels> | ResolvedSpec,
  options: RunOptions = {},
): Run<LabelNames<Labels>> {
  const resolved = resolveSpec(spec);
  const { resume } = options;
  const needsRows = comparesRows(resolved.filters) || usesPlaceholder(resolved, "taboo");
  if (resume !== undefined) checkCheckpoint(resume, resolved.count, needsRows);
  const goal = async ({ repeat, wholeGroups, labelsOf, taboo }: Prepared) => {
    const { maxGroups } = resolved.limits;
    const selection = await Selection.create(resolved, resume, taboo && ((row) => taboo.see(row)));
    const { own, groups } = labelSets(resolved.method, resolved.labels.length);
    const turns = groups === 1 ? undefined : { labels: own, of: labelsOf };
    return wholeGoal(selection, { start: resume?.groups ?? 0, repeat, maxGroups, wholeGroups, turns });
  };
  return startRun(teacher, resolved, { goal }, options) as Run<LabelNames<Labels>>;
}
