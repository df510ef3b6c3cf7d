// ProGen (Ye et al. 2022): the rows that help a student most are the examples of the next ones.
import { rowInfluence } from "../../students/influence.js";
import { type Decision, ofLabels, type PolicyInput, upTo } from "../policy.js";

/** Share of a label's rows that become examples. */
const share = 0.1;
/** Examples of a label at least, as a multiple of those of a prompt, so that prompts differ. */
const prompts = 4;

/** The most helpful rows of each label replace the task's examples; a label without one keeps its own. */
export async function influence(input: PolicyInput): Promise<Decision> {
  const { labels, rows, seeds, student, shots, seed, round } = input;
  const count = upTo(input, round);
  if (rows.length < fewestRows) return { count };
  const influences = rowInfluence(await student.read(rows), { labels, seed });
  const judged = rows.flatMap((row, r) => {
    const own = influences[r];
    return own == null ? [] : [{ row, label: row.label, influence: own }];
  });
  const examples = ofLabels(labels, judged).flatMap((own, k) => {
    const helpful = own.filter(({ influence }) => influence > 0).sort((a, b) => b.influence - a.influence);
    if (helpful.length === 0) return seeds.filter(({ label }) => label === labels[k]);
    return helpful.slice(0, Math.max(Math.ceil(share * own.length), prompts * shots)).map(({ row }) => row);
  });
  return {
    count,
    seeds: examples.map(({ id, text, label, fields }) => ({ id, text, label: label!, fields })),
    figures: { helpful: judged.filter(({ influence }) => influence > 0).length / judged.length },
  };
}

/** Below it nothing can be held out. */
const fewestRows = 4;
