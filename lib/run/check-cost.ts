/** What the label check of a run will take: the tokens that the teacher reads for it. */
import type { Teacher } from "../engine/teacher.js";
import { sum } from "../numbers/sum.js";
import type { Prepared } from "./prepare.js";
import { tokensToRead } from "./prompt-cost.js";

/** What a label check takes. */
export interface CheckCost {
  /** Tokens that are read to judge the rows, what texts have in common counted once; 0 of a student. */
  readonly tokens: number;
  /** Tokens that are read before, to calibrate it; 0 of a student, and where it is calibrated by rows that it judges. */
  readonly calibrationTokens: number;
}

/** Rows that are looked at. */
const sampled = 8;

/**
 * @param texts  such as the rows will be, at least one.
 * @returns undefined of a task without a check.
 */
export async function checkCost(
  teacher: Teacher,
  prepared: Prepared,
  texts: readonly string[],
): Promise<CheckCost | undefined> {
  const { check, groupsNeeded, shape, spec } = prepared;
  if (check === undefined) return undefined;
  const { attributes, contexts } = prepared.factory.build(0);
  // Rows behind the first show what each further one adds to what is read once.
  const rows = Array.from({ length: sampled }, (_, i) => {
    const row = { text: texts[Math.floor((i * texts.length) / sampled)]!, label: spec.labels[0]!.name };
    return check.rowOf({ ...row, attributes: attributes[i] ?? attributes[0], context: contexts[i] ?? contexts[0] }, "");
  });
  const read = async (count: number) => {
    const requests = await check.requests(rows.slice(0, count));
    const prompts = requests.map(({ prompt, text }) => [...asParts(prompt), { text, special: false }]);
    return tokensToRead({ tokens: await teacher.tokenize(prompts) });
  };
  const one = await read(1);
  const perRow = ((await read(sampled)) - one) / (sampled - 1);
  const judged = groupsNeeded * shape.generating;
  const calibrators = check.calibratedBy === "seeds" ? sum(check.calibrators.map(({ length }) => length)) : 0;
  return { tokens: Math.round(judged * perRow + (one - perRow)), calibrationTokens: Math.round(calibrators * perRow) };
}

function asParts(prompt: Awaited<ReturnType<NonNullable<Prepared["check"]>["requests"]>>[number]["prompt"]) {
  return typeof prompt === "string" ? [{ text: prompt, special: false }] : prompt;
}
