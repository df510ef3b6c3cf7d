// corrsynth embed FILE --embedder MODEL --out PATH: the vectors of a file's texts.
import { Command, Option } from "commander";
import { invalidField } from "../errors.js";
import { type EmbedOptions, VectorCache } from "../index.js";
import { exportVectors, readTable } from "../io.js";
import { type Environment, exitCodes } from "./command.js";
import { decoderNote } from "./evaluation-models.js";
import { modelSource } from "./fetch-model.js";
import { integerFrom, jsonOption, noCacheOption, progressOption } from "./options.js";
import type { ProgressMode } from "./paced.js";
import { showStages } from "./stage-progress.js";
import { counted, grouped, json, printable } from "./terminal.js";

interface Options extends Pick<EmbedOptions, "pooling" | "maxTokens" | "threads"> {
  readonly embedder: string;
  readonly out: string;
  readonly textColumn: string;
  readonly normalize: boolean;
  readonly force: boolean;
  readonly cache: boolean;
  readonly json: boolean;
  readonly progress: ProgressMode;
}

export function embedCommand(environment: Environment, exit: (code: number) => void): Command {
  return new Command("embed")
    .description("write a vector for each text of a file, as .npy, .jsonl or .parquet")
    .argument("<file>", "CSV, TSV, JSON Lines, a JSON list, Parquet, each also as .gz; a Hugging Face folder")
    .requiredOption("--embedder <model>", 'embedding model: path of a GGUF file, hf:owner/repo/file.gguf, or "demo"')
    .requiredOption("--out <path>", "ends in .npy (ids beside it, in NAME.ids.jsonl), .jsonl or .parquet")
    .option("--text-column <column>", "column of the text", "text")
    .addOption(
      new Option("--pooling <pooling>", "how a text's tokens become one vector; default as the model says").choices([
        "mean",
        "cls",
        "last",
      ]),
    )
    .option("--max-tokens <n>", "tokens of a text that are read, from its start", integerFrom(1), 512)
    .option("--no-normalize", "leave vectors as long as they are, instead of scaling each to length 1")
    .option("--threads <n>", "CPU threads; default one for each core", integerFrom(1))
    .addOption(noCacheOption())
    .option("--force", "replace the file where there is one", false)
    .addOption(jsonOption("what was written"))
    .addOption(progressOption())
    .action(async (file: string, options: Options) => {
      await embed(environment, file, options);
      exit(exitCodes.done);
    });
}

async function embed(environment: Environment, file: string, options: Options): Promise<void> {
  const { library, stdout, stderr, signal, now } = environment;
  const { out, textColumn: text, normalize, force, pooling, maxTokens, threads, progress } = options;
  if (options.embedder === "none") throw invalidField("--embedder", "Expected a model, received none");
  const cache = options.cache ? VectorCache.ofEnvironment() : undefined;
  const { rows, notes, unfinished } = await readTable(file, { text, label: null });
  const model = await library.loadEmbedder(await modelSource(environment, options.embedder, progress));
  const display = showStages(progress, file, stderr, now);
  try {
    const embedder = {
      embed: (texts: readonly string[], { signal }: { readonly signal?: AbortSignal | undefined }) =>
        model.embed(texts, { pooling, maxTokens, threads, cache, signal }),
    };
    const onProgress = (done: number) => display.update({ stage: "vectors", share: done / rows.length });
    const made = await exportVectors(rows, { out, embedder, normalize, force, signal, onProgress }).finally(
      display.end,
    );
    if (options.json) stdout.write(json(made));
    const said = [
      `${counted(made.rows, "vector")} of ${grouped(made.dimensions)} numbers in ${made.files.join(" and ")}`,
      ...notes,
      ...decoderNote(model),
      ...(unfinished > 0 ? ["1 line at the end is half written and was left out"] : []),
      ...(made.blank > 0 ? [`${counted(made.blank, "blank text")} ${made.blank === 1 ? "was" : "were"} left out`] : []),
    ];
    stderr.write(said.map((line) => `${printable(line)}\n`).join(""));
  } finally {
    await model.close();
  }
}
