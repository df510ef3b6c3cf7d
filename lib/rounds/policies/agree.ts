// ReGen (Yu et al. 2023): rows whose label a student that never saw them denies are dropped, and made up for.
import { argmax } from "../../numbers/extremes.js";
import type { SparseVector } from "../../students/text-features.js";
import { type Decision, ofLabels, type PolicyInput, type RoundRow, type Taken, upTo } from "../policy.js";

/** Contexts of a label at least, so that a small top-up has some to choose from. */
const fewestContexts = 8;

/** As the head of the file says; where there are contexts, those nearest to each label's kept rows are its next ones. */
export async function agree(input: PolicyInput): Promise<Decision> {
  const { labels, rows, seeds, student, seed } = input;
  if (rows.length === 0) return { count: upTo(input, 1) };
  // seeds teach as well: people gave them their labels
  const taught = [...rows, ...seeds.map(({ text, label }) => ({ text, label: label! }))];
  const { probabilities } = await student.crossFitted(taught, seed);
  const kept = rows.filter(({ label }, r) => labels[argmax(probabilities[r]!)] === label);
  const keptIds = new Set(kept.map(({ id }) => id));
  const count = upTo({ ...input, rows: kept }, 1);
  return {
    count,
    dropped: rows.filter(({ id }) => !keptIds.has(id)).map(({ id }) => id),
    figures: { agreement: kept.length / rows.length },
    ...(input.contexts.length === 0 ? {} : { contexts: await nearestContexts(input, kept, count) }),
  };
}

// Of each label the contexts most like the mean of its kept rows: as many as it lacks rows.
async function nearestContexts(
  { labels, contexts, student }: PolicyInput,
  kept: readonly RoundRow[],
  count: readonly number[],
): Promise<Taken[]> {
  const vectors = await student.vectors([...contexts, ...kept].map(({ text }) => text));
  const vectorOf = new Map<unknown, SparseVector>([...contexts, ...kept].map((item, i) => [item, vectors[i]!]));
  return ofLabels(labels, kept).flatMap((own, k) => {
    const label = labels[k]!;
    const total = sumOf(own.map((row) => vectorOf.get(row)!)); // of which the mean is a share
    const most = Math.max(fewestContexts, count[k]!);
    return contexts
      .filter((context) => context.label === undefined || context.label === label)
      .map((context, i) => ({ context, i, alike: product(vectorOf.get(context)!, total) }))
      .sort((a, b) => b.alike - a.alike || a.i - b.i)
      .slice(0, most)
      .map(({ context: { id, text, fields } }) => ({ id: `${label}/${id}`, text, label, fields }));
  });
}

function sumOf(vectors: readonly SparseVector[]): Map<number, number> {
  const total = new Map<number, number>();
  for (const { columns, values } of vectors) {
    columns.forEach((column, i) => {
      total.set(column, (total.get(column) ?? 0) + values[i]!);
    });
  }
  return total;
}

function product({ columns, values }: SparseVector, total: ReadonlyMap<number, number>): number {
  return columns.reduce((sum, column, i) => sum + values[i]! * (total.get(column) ?? 0), 0);
}
