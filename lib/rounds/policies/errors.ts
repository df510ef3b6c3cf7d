// S3 (Wang et al. 2023): what a student of the rows gets wrong of a few human rows is what the next rows are made like.
import { argmax } from "../../numbers/extremes.js";
import { type Decision, type PolicyInput, upTo } from "../policy.js";

/**
 * The examples of a label are its validation rows that the student takes for another label; where these are fewer than a
 * prompt has, those follow that it is least sure of.
 */
export async function errors(input: PolicyInput): Promise<Decision> {
  const { labels, rows, validation, student, shots, seed, round } = input;
  const count = upTo(input, round);
  if (rows.length === 0) return { count };
  const probabilities = await student.judge(
    rows,
    validation.map(({ text }) => text),
    seed,
  );
  const judged = validation.map((row, v) => {
    const own = labels.indexOf(row.label!);
    return { ...row, label: row.label!, sure: probabilities[v]![own]!, isWrong: argmax(probabilities[v]!) !== own };
  });
  const seeds = labels.flatMap((label) => {
    const leastSure = judged.filter((row) => row.label === label).sort((a, b) => a.sure - b.sure);
    const wrong = leastSure.filter(({ isWrong }) => isWrong);
    const more = leastSure.filter(({ isWrong }) => !isWrong).slice(0, Math.max(0, shots - wrong.length));
    return [...wrong, ...more];
  });
  const right = judged.filter(({ isWrong }) => !isWrong).length;
  return {
    count,
    seeds: seeds.map(({ id, text, label, fields }) => ({ id, text, label, fields })),
    figures: { validationAccuracy: right / validation.length },
  };
}
