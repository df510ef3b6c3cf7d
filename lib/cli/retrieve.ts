// corrsynth retrieve --corpus FILE --queries FILE --out contexts.jsonl: for each seed the texts of a corpus that are most like it.
import { existsSync } from "node:fs";
import { Command } from "commander";
import { invalidField } from "../errors.js";
import { type Retrieved, type RetrieveOptions, readTable, replaceFile, retrieve, type TextEmbedder } from "../io.js";
import { type Environment, exitCodes } from "./command.js";
import { decoderNote } from "./evaluation-models.js";
import { modelSource } from "./fetch-model.js";
import { also, columnAdvice, integerFrom, jsonOption, numberIn, progressOption } from "./options.js";
import { type ProgressMode, paced } from "./paced.js";
import { readExcluded } from "./seeds.js";
import { counted, grouped, json, printable } from "./terminal.js";

interface Options {
  readonly corpus: string;
  readonly queries: string;
  readonly perSeed: number;
  readonly embedder?: string;
  readonly minCosine: number;
  readonly maxCosine: number;
  readonly textColumn: string;
  readonly labelColumn: string;
  readonly label: boolean;
  readonly exclude?: readonly string[];
  readonly threads?: number;
  readonly out: string;
  readonly examples?: string;
  readonly force: boolean;
  readonly json: boolean;
  readonly progress: ProgressMode;
}

export function retrieveCommand(environment: Environment, exit: (code: number) => void): Command {
  return new Command("retrieve")
    .description("find contexts for a task: the texts of a corpus that are most like each of its seeds")
    .requiredOption("--corpus <file>", "texts to look in: JSON Lines, which stream up to 2 GiB, Parquet, CSV, …")
    .requiredOption("--queries <file>", "seeds: rows with a text and a label")
    .option("--per-seed <n>", "contexts of a seed at most", integerFrom(1), 50)
    .option(
      "--embedder <model>",
      'look by cosine, not by BM25: path of a GGUF file, hf:owner/repo/file.gguf, or "demo"',
    )
    .option("--min-cosine <x>", "with --embedder: the least cosine", numberIn(-1, 1), 0.4)
    .option("--max-cosine <x>", "with --embedder: the largest cosine", numberIn(-1, 1), 0.9)
    .option("--text-column <column>", "column of the text, in both files", "text")
    .option("--label-column <column>", "column of the label, in the file of queries", "label")
    .option("--no-label", "queries have no label, and contexts are for all")
    .option("--exclude <file>", "no context repeats a row of this file, exactly or nearly; may be repeated", also)
    .option("--threads <n>", "CPU threads of the embedder; default one for each core", integerFrom(1))
    .option("--out <file>", "JSON Lines file to write", "contexts.jsonl")
    .option("--examples <file>", "write the queries, too, each with its best text as context: seeds for {context}")
    .option("--force", "overwrite files that exist", false)
    .addOption(jsonOption("what was found"))
    .addOption(progressOption())
    .action(async (options: Options) => {
      await find(environment, options);
      exit(exitCodes.done);
    });
}

async function find(environment: Environment, options: Options): Promise<void> {
  const { stdout, stderr, now, signal } = environment;
  const { corpus, queries: file, textColumn: text, out, examples, force, perSeed, minCosine, maxCosine } = options;
  for (const path of [out, ...(examples === undefined ? [] : [examples])]) {
    if (force || !existsSync(path)) continue;
    throw invalidField(
      path,
      "Expected to write a new file, but there is one: name another, or overwrite it with --force",
    );
  }
  const label = options.label ? options.labelColumn : null;
  const { rows, notes } = await readTable(file, { text, label, columnAdvice: labelAdvice });
  const queries = rows.map((row) => ({
    text: row.text,
    ...(label === null ? {} : { label: row.label }),
    id: (row.fields.id as string | number | undefined) ?? row.line,
  }));
  const excluded = await readExcluded(options.exclude, text);
  const display = showPasses(options.progress, corpus, environment);
  const looked: RetrieveOptions = {
    ...{ perSeed, column: text, columnAdvice, exclude: excluded.texts, signal },
    onProgress: (pass, documents) => display.update({ pass, documents }),
  };
  const { found, said } = await withEmbedder(environment, options, async (embedder) => {
    const started = now();
    const by = embedder === undefined ? looked : { ...looked, embedder, minCosine, maxCosine };
    const found = await retrieve(queries, corpus, by).finally(display.stop);
    return { found, said: summary(found, queries.length, out, (now() - started) / 1000) };
  });
  if (found.contexts.length === 0) throw invalidField(corpus, "Expected texts that are like a query, received none");
  await write(out, found.contexts);
  if (examples !== undefined) await write(examples, found.examples);
  if (options.json) {
    const counts = { contexts: found.contexts.length, examples: found.examples.length, queries: queries.length };
    stdout.write(json({ out, ...found, ...counts }));
  }
  const written =
    examples === undefined ? [] : [`${counted(found.examples.length, "example")} with a context in ${examples}`];
  stderr.write([...notes, ...excluded.notes, ...said, ...written].map((line) => `${printable(line)}\n`).join(""));
}

const labelAdvice = `${columnAdvice}, or do without by --no-label`;

async function withEmbedder<Result extends { readonly said: readonly string[] }>(
  environment: Environment,
  { embedder, threads, progress }: Options,
  use: (embedder: TextEmbedder | undefined) => Promise<Result>,
): Promise<Result> {
  if (embedder === undefined) return await use(undefined);
  const { library } = environment;
  const model = await library.loadEmbedder(await modelSource(environment, embedder, progress));
  try {
    const result = await use({ embed: (texts, { signal }) => model.embed(texts, { threads, signal }) });
    return { ...result, said: [...result.said, ...decoderNote(model)] };
  } finally {
    await model.close();
  }
}

async function write(path: string, rows: readonly unknown[]): Promise<void> {
  await replaceFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join("")).catch((cause: Error) => {
    throw invalidField(path, `Cannot write here (${cause.message})`, { cause });
  });
}

function showPasses(mode: ProgressMode, corpus: string, { stderr, now }: Environment) {
  let isOpen = false; // a bar stands on the line
  const { update, stop } = paced<{ pass: number; documents: number }>(
    mode,
    stderr,
    now,
    ({ pass, documents }, kind) => {
      const text = `${printable(corpus)}: pass ${pass}, ${grouped(documents)} texts`;
      if (kind === "json") stderr.write(`${JSON.stringify({ corpus, pass, documents })}\n`);
      else if (kind === "plain") stderr.write(`${text}\n`);
      else {
        stderr.write(`\r${text}\x1b[K`);
        isOpen = true;
      }
    },
  );
  const end = () => {
    stop();
    if (isOpen) stderr.write("\r\x1b[K");
    isOpen = false;
  };
  return { update, stop: end };
}

function summary(found: Retrieved, queries: number, out: string, seconds: number): string[] {
  const { contexts, documents, excluded } = found;
  const labels = new Map<string, number>();
  for (const { label } of contexts) if (label !== undefined) labels.set(label, (labels.get(label) ?? 0) + 1);
  const of = [...labels].slice(0, 10).map(([label, count]) => `${JSON.stringify(label)} ${grouped(count)}`);
  if (labels.size > 10) of.push(`and ${labels.size - 10} more labels`);
  const twice = contexts.length - new Set(contexts.map(({ id }) => id.slice(0, id.indexOf(":")))).size;
  return [
    `${counted(contexts.length, "context")} of ${counted(documents, "text")} for ${counted(queries, "seed")} in ` +
      `${out}, in ${seconds.toFixed(1)} s`,
    ...(of.length > 0 ? [`By label: ${of.join(", ")}`] : []),
    ...(twice > 0 ? [`${counted(twice, "context")} of these stand under another label, too`] : []),
    ...(excluded > 0 ? [`Left out: ${counted(excluded, "text")} that repeat a seed or a row to exclude`] : []),
  ];
}
