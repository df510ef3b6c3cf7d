// What corrsynth does with a task, as texts: the prompts that it writes, and the rows that it makes of them.
import { QuotaError, synthesize } from "../dist/index.js";
import { prepare } from "../dist/run/prepare.js";
import { resolveSpec } from "../dist/task/spec.js";

/** Groups that make `count` rows. */
function groupsOf(spec, { shape }) {
  return spec.count.reduce((sum, count) => sum + count, 0) / shape.generating;
}

/**
 * The prompts of a task, one for each row.
 * @returns { prompts: [{ text, label }], longest, spec, sources, template }; longest in tokens, of what can come up
 */
export async function promptsOf(teacher, task) {
  const prepared = await prepare(teacher, resolveSpec(task));
  const { spec, factory, shape, sources, template, longestPrompts } = prepared;
  const groups = Array.from({ length: groupsOf(spec, prepared) }, (_, index) => factory.build(index));
  await prepared.close();
  const prompts = groups.flatMap((group) =>
    group.prompts.slice(0, shape.generating).map((parts, row) => {
      return { text: parts.map(({ text }) => text).join(""), label: spec.labels[group.labels[row]].name };
    }),
  );
  return { prompts, longest: Math.max(...longestPrompts.values()), spec, sources, template };
}

/**
 * Makes `count` rows and no more, through the public API, whatever filters would say.
 * @returns { texts: [{ text, label, tokens, ending }], seconds, promptTokens, generatedTokens }; a row without text is not among them
 */
export async function textsOf(teacher, task) {
  const { spec, shape, close } = await prepare(teacher, resolveSpec(task));
  await close();
  const limits = { maxGroups: groupsOf(spec, { shape }) };
  const started = performance.now();
  const run = synthesize(teacher, { ...task, filters: false, limits });
  const texts = [];
  let report;
  try {
    for await (const { text, label, tokens, ending } of run) texts.push({ text, label, tokens, ending });
    report = await run.finished;
  } catch (error) {
    if (!(error instanceof QuotaError)) throw error;
    report = error.report; // a row was empty
  }
  const seconds = (performance.now() - started) / 1000;
  return { texts, seconds, promptTokens: report.promptTokens, generatedTokens: report.generatedTokens };
}
