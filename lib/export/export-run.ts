// From a run directory to files that training reads: what is wrong is said first, then all of it appears at once.
import { basename, resolve } from "node:path";
import { InvalidConfigError } from "../errors.js";
import { ArrowSize } from "./arrow-size.js";
import { withSoftLabels } from "./columns.js";
import { type ByteSink, CallbackSink, Destination, destinationIssues, type FileSink } from "./destination.js";
import { openMix } from "./mix.js";
import { type ExportOptions, exportFormats, fileColumns, mixColumns, optionIssues } from "./options.js";
import { openWriter, type RowWriter } from "./row-writer.js";
import { runCard, type Samples, type SplitSizes } from "./run-card.js";
import { type ExportSource, type Mix, openSource, sourceIssues } from "./source.js";
import { type LabelSplit, planSplit, type SplitPlan } from "./split.js";

/** What an export came to. */
export interface Exported {
  readonly rows: number;
  readonly train: number;
  readonly validation: number;
  /** Of each label of the run, what was come to; `fraction` is 0 of one without rows. */
  readonly labels: Readonly<Record<string, LabelSplit>>;
  /** Files, by their path below `out`, or `out` itself; none of a stream. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** What its user should know: labels that do not validate, a run that is not whole. */
  readonly notes: readonly string[];
}

/**
 * Exports the rows of a run that its journal vouches for, in their order, and behind them, if wanted, its seeds. Memory stays at a few rows, of Parquet at
 * 10,000; a split reads the file twice and holds all texts. Rows written meanwhile are not seen.
 * @param directory  a run directory; nothing in it is changed.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with all that is wrong with options, run and destination at
 *   once; and when rows are not as the journal says, or a split comes to no validation row.
 * @throws {StorageError} CORRSYNTH_STORAGE when the destination cannot be written; what was there stays.
 * @example
 * await synthesizeTo("run", teacher, spec);
 * const { files, labels } = await exportRun("run", { format: "csv", out: "split", validation: 0.5 });
 * console.log(files, labels);
 */
export async function exportRun(directory: string, options: ExportOptions): Promise<Exported> {
  const { out, force = false, partial = false, signal } = options;
  const issues = optionIssues(options);
  const source = await openSource(directory).catch((error: unknown) => {
    if (!(error instanceof InvalidConfigError)) throw error;
    for (const issue of error.issues) issues.push(issue);
    return undefined;
  });
  if (source !== undefined) issues.push(...(await sourceIssues(source, partial)));
  if (typeof out === "string" && out !== "") issues.push(...(await destinationIssues(out, force, directory)));
  if (source === undefined || issues.length > 0) throw new InvalidConfigError(issues);

  const mix = await openMix(source, options);
  const plan = await planSplit(source, mix, options);
  signal?.throwIfAborted();
  const rest = { rows: plan.rows, train: plan.rows - plan.validation, validation: plan.validation };
  const result = { ...rest, labels: plan.labels, notes: plan.notes };
  if (typeof out === "function") {
    await writeRows(source, mix, options, plan, async () => new CallbackSink(out));
    return { ...result, files: [] };
  }
  const isDirectory = options.format === "hf" || options.validation !== undefined;
  const files = await Destination.write(out, { force, isDirectory }, async (create) => {
    const sinks: { path: string; sink: FileSink }[] = [];
    const open = async (path: string) => {
      const sink = await create(path);
      sinks.push({ path: isDirectory ? path : out, sink });
      return sink;
    };
    const { samples, sizes } = await writeRows(source, mix, options, plan, open);
    if (options.format === "hf") {
      const bytes = sinks.reduce((sum, { sink }) => sum + sink.bytes, 0);
      const card = await open("README.md");
      await card.append(runCard(source, options, plan, { bytes, sizes, samples, name: basename(resolve(out)) }));
      await card.end();
    }
    return sinks.map(({ path, sink }) => ({ path, bytes: sink.bytes }));
  });
  return { ...result, files };
}

// A card is read by people.
const mostSamples = 20;

async function writeRows(
  source: ExportSource,
  mix: Mix,
  options: ExportOptions,
  { isValidation }: SplitPlan,
  create: (path: string) => Promise<ByteSink>,
): Promise<{ samples: Samples; sizes: SplitSizes }> {
  const columns = mixColumns(options);
  const open = async (split: string): Promise<RowWriter> => {
    const sink = await create(fileName(options.format, split));
    return await openWriter(options, sink, source.labels);
  };
  const train = await open("train");
  const validation = isValidation === undefined ? undefined : await open("validation");
  const sizes = { train: new ArrowSize(fileColumns(options)), validation: new ArrowSize(fileColumns(options)) };
  const samples = new Map<number, string>();
  let position = 0;
  for await (const { text, label, values: own } of mix.rows()) {
    options.signal?.throwIfAborted();
    const values = options.format === "hf" ? withSoftLabels(columns, own, source.labels) : own;
    if (samples.size < mostSamples && !samples.has(label)) samples.set(label, text);
    const isHeldOut = isValidation?.[position++] === 1;
    sizes[isHeldOut ? "validation" : "train"].add(values);
    await (isHeldOut ? validation! : train).write(values, label);
  }
  await train.end();
  await validation?.end();
  return {
    sizes: { train: sizes.train.bytes, validation: sizes.validation.bytes },
    samples: source.labels.flatMap((name, label) => {
      const text = samples.get(label);
      return text === undefined ? [] : [[name, text] as const];
    }),
  };
}

function fileName(format: ExportOptions["format"], split: string): string {
  return format === "hf" ? `data/${split}-00000-of-00001.parquet` : `${split}.${exportFormats[format]}`;
}
