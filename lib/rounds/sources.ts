// What rounds read beside the rows of each other: the task's own texts, human rows, and the model of the student.
import { type EmbeddingModel, loadEmbedder, modelPath } from "../engine/load.js";
import { readSeeds, readSource, type SeedPools, type SourceField } from "../prompt/seeds.js";
import { sha256 } from "../store/describe-run.js";
import type { SeedSource } from "../task/seed-source.js";
import { changedSpec, type ResolvedSpec } from "../task/spec.js";
import { checkValidation, type RoundsOptions } from "./options.js";
import type { GivenText } from "./policy.js";

/** Texts that were read once, and the task, whose sources can now be read as often as there are rounds. */
export interface RoundSources {
  readonly spec: ResolvedSpec;
  readonly seeds: readonly GivenText[];
  readonly contexts: readonly GivenText[];
  readonly validation: readonly GivenText[];
  /** Text of a context by every id that a row can have. */
  readonly contextTexts: ReadonlyMap<string, string>;
  /** Hashes of what the task does not name. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with what is wrong with a source. */
export async function readRoundSources(task: ResolvedSpec, options: RoundsOptions): Promise<RoundSources> {
  const { validation, embedder } = options;
  const repeatable = async (source: SeedSource | undefined, field: SourceField) =>
    source === undefined || typeof source === "string" ? source : await readSource(source, field);
  const [seeds, contexts, judging] = [
    await repeatable(task.seeds, "seeds"),
    await repeatable(task.contexts, "contexts"),
    await repeatable(validation, "validation"),
  ];
  const spec = changedSpec(task, { count: task.count, seed: task.sampling.seed, seeds, contexts });
  const read = async (source: SeedSource | undefined, field: SourceField) =>
    source === undefined ? [] : givenTexts(await readSeeds(source, spec.labels, field), spec);
  const [own, corpus, human] = [
    await read(seeds, "seeds"),
    await read(contexts, "contexts"),
    await read(judging, "validation"),
  ];
  if (validation !== undefined) checkValidation(human, spec);
  const names = spec.labels.map(({ name }) => name);
  const ids = corpus.flatMap(({ id, text }) =>
    [id, ...names.map((name) => `${name}/${id}`)].map((own) => [own, text] as const),
  );
  return {
    spec,
    ...{ seeds: own, contexts: corpus, validation: human, contextTexts: new Map(ids) },
    inputs: {
      ...(typeof judging === "string" ? { validation: await sha256(judging, "validation") } : {}),
      ...(embedder === undefined ? {} : { embedder: await sha256(await modelPath(embedder), "embedder") }),
    },
  };
}

/** The model of the student; undefined of one that reads words. */
export async function loadStudentModel({ embedder }: RoundsOptions): Promise<EmbeddingModel | undefined> {
  return embedder === undefined ? undefined : await loadEmbedder(embedder);
}

// A context without a label is in every pool: it is told once.
function givenTexts(pools: SeedPools, { labels }: ResolvedSpec): GivenText[] {
  const labelsOf = new Map<SeedPools[number][number], number[]>();
  for (const [k, pool] of pools.entries()) {
    for (const seed of pool) labelsOf.set(seed, [...(labelsOf.get(seed) ?? []), k]);
  }
  return [...labelsOf].map(([{ id, text, fields }, own]) => {
    return { id, text, fields, label: own.length === 1 ? labels[own[0]!]!.name : undefined };
  });
}
