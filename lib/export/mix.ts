// The rows that an export has: those of the run, those that a label check is sure of, and the seeds if they are wanted.
import { join } from "node:path";
import { InvalidConfigError, invalidField } from "../errors.js";
import { readSeeds } from "../prompt/seeds.js";
import { type Column, columnSets, columnValue, type Value, wellFormed } from "./columns.js";
import type { ExportOptions } from "./options.js";
import { type ExportSource, type Mix, rowsOf, type SourceRow } from "./source.js";

/**
 * Reads the seeds where they are wanted.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG where the run names none, or they are not as a run takes them.
 */
export async function openMix(source: ExportSource, options: ExportOptions): Promise<Mix> {
  const { columns = "basic", withSeeds = false, minLabelProbability } = options;
  const own = columnSets[columns];
  const seeds = withSeeds ? await seedRows(source, options.seeds, own) : [];
  return {
    isMixed: withSeeds || minLabelProbability !== undefined || !source.review.isEmpty,
    async *rows({ isBare = false } = {}) {
      const wanted = isBare ? [] : own;
      const origin = (of: string): Value[] => (withSeeds && !isBare ? [of] : []);
      for await (const { text, label, values } of sureRows(source, wanted, minLabelProbability)) {
        yield { text, label, values: [...values, ...origin("synthetic")] };
      }
      for (const { text, label, values } of seeds) {
        yield { text, label, values: isBare ? [] : [...values, ...origin("seed")] };
      }
    },
  };
}

const probabilityColumn: Column = { name: "labelProbability", kind: "number" };

async function* sureRows(
  source: ExportSource,
  columns: readonly Column[],
  least: number | undefined,
): AsyncGenerator<SourceRow, void, undefined> {
  if (least === undefined) return yield* rowsOf(source, columns);
  let number = 0;
  for await (const { text, label, values } of rowsOf(source, [...columns, probabilityColumn])) {
    number++;
    const probability = values.at(-1);
    if (typeof probability !== "number") {
      const message =
        `Expected "labelProbability" in every row, which a label check of the task ("check") writes, received none in row ` +
        `${number}: leave --min-label-probability out, or run the task with a check`;
      throw invalidField(join(source.directory, "data.jsonl"), message);
    }
    if (probability >= least) yield { text, label, values: values.slice(0, -1) };
  }
}

async function seedRows(
  source: ExportSource,
  given: string | undefined,
  columns: readonly Column[],
): Promise<SourceRow[]> {
  const { seeds: known } = (source.manifest.settings ?? {}) as { seeds?: unknown };
  const path = given ?? (typeof known === "string" ? known : undefined);
  if (path === undefined) {
    const message = "Expected the file of the run's seeds, which its manifest does not name: name it with --seeds FILE";
    throw invalidField("seeds", message);
  }
  const labels = source.labels.map((name) => ({ name }));
  const pools = await readSeeds(path, labels, "seeds").catch((error: unknown) => {
    if (given !== undefined || !(error instanceof InvalidConfigError)) throw error;
    const issues = error.issues.map((issue) => ({
      ...issue,
      message: `${issue.message}: name them with --seeds FILE`,
    }));
    throw new InvalidConfigError(issues);
  });
  return pools.flatMap((pool, label) =>
    pool.map(({ id, text }) => {
      const fields = { id, text, label: source.labels[label] };
      return { text: wellFormed(text), label, values: columns.map((column) => columnValue(fields, column) ?? null) };
    }),
  );
}
