/** Asks a teacher for lists: a run of its own, with a question as each of its labels. */
import type { Teacher } from "../engine/teacher.js";
import { fewgen } from "../methods/methods.js";
import { QuotaError } from "../run/quota-error.js";
import { synthesize } from "../run/synthesize.js";
import type { FilterInput, ResolvedSpec } from "../task/spec.js";
import { listItems } from "./list-items.js";

/** How questions are asked. */
export interface AskOptions {
  /** Answers to each question. */
  readonly answers: number;
  /** Items that an answer is asked for. */
  readonly items: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with the share of the answers that came, 0..1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** Whoever answers; the items of each answer, by question. */
export type Ask = (questions: readonly string[], options: AskOptions) => Promise<string[][][]>;

/** An answer is a list from its first sign on: small models then write nothing before it. */
export const begun = "1.";
const tokensPerItem = 10;

/** How questions are written: in the task's chat where it has one, in the model's where this has one, else as raw text. */
export function formOf(teacher: Pick<Teacher, "info">, { prompt }: ResolvedSpec) {
  if (prompt.format !== "chat" && !teacher.info.hasChatTemplate) return { format: "raw" } as const;
  const { template, templateArguments } = prompt;
  return {
    format: "chat",
    ...(template === undefined ? {} : { template }),
    ...(templateArguments === undefined ? {} : { templateArguments }),
  } as const;
}

/** Asks a teacher. The same task, seed and model give the same answers. */
export function askWith(teacher: Teacher, spec: ResolvedSpec): Ask {
  const form = formOf(teacher, spec);
  const { sampling, engine } = spec;
  return async (questions, { answers, items: most, signal, onProgress }) => {
    if (questions.length === 0) return [];
    const stop = [`\n${most + 1}.`, ...(form.format === "raw" ? ["\n\n"] : [])];
    const run = synthesize(
      teacher,
      {
        labels: questions.map((question, i): [string, string] => [String(i), question]),
        prompt: { ...form, instruction: "{label}\n", answer: begun, shots: 0 },
        count: answers * questions.length,
        method: fewgen(),
        sampling: { maxTokens: tokensPerItem * most, seed: sampling.seed, stop },
        filters: everything,
        engine: { threads: engine.threads, kvType: engine.kvType, flashAttention: engine.flashAttention },
        limits: { maxGroups: 2 * answers + 2 },
      },
      { signal, onProgress: ({ accepted, wanted }) => onProgress?.(accepted / wanted) },
    );
    const items = questions.map((): string[][] => []);
    try {
      for await (const { label, text, ending } of run)
        items[Number(label)]!.push(listItems(`${begun} ${text}`, ending === "length"));
    } catch (error) {
      if (!(error instanceof QuotaError)) throw error; // a question without an answer has no items
    }
    return items;
  };
}

/** Reasoning in front of an answer is taken off; all else is for the reader of lists. */
const everything: FilterInput = {
  unfinished: "keep",
  clean: false,
  assistant: false,
  runOns: false,
  repetition: false,
  script: false,
  copies: false,
  duplicates: false,
  nearDuplicates: false,
};
