// SunGen (Gao et al. 2023): no new rows; each gets a weight by how much it helps to learn the others.
import { rowWeights } from "../../students/row-weights.js";
import type { Decision, PolicyInput } from "../policy.js";

/** As the head of the file says. */
export async function weights({ labels, rows, student, seed, wanted }: PolicyInput): Promise<Decision> {
  const count = wanted.map(() => 0);
  if (rows.length < fewestRows) return { count };
  const own = rowWeights(await student.read(rows), { labels, seed });
  const mean = own.reduce((sum, weight) => sum + weight, 0) / own.length;
  return { count, weights: own, figures: { meanWeight: mean } };
}

/** Below it nothing can be held out. */
const fewestRows = 4;
