/** A task in both formats, raw and chat: which of them suits the model is for a person to see. */
import type { Teacher } from "../engine/teacher.js";
import { CorrSynthError } from "../errors.js";
import { readSource } from "../prompt/seeds.js";
import type { LabelNames, LabelsInput, TaskOf } from "../task/label-names.js";
import { changedSpec, formattedSpec, type ResolvedSpec, resolveSpec } from "../task/spec.js";
import { type Preview, type PreviewOptions, preview } from "./preview.js";

/** Why there is no preview in a format. */
export interface NoPreview {
  /** What is wrong, and what to do about it. */
  readonly refused: string;
}

/** One preview a format. */
export interface PreviewBoth<Label extends string = string> {
  readonly raw: Preview<Label> | NoPreview;
  readonly chat: Preview<Label> | NoPreview;
}

/**
 * {@link preview} of a task with raw prompts, and with the chat template of the model. In the format that is not its own, the
 * task is without `prompt.system`, `templateArguments` and `template`, and examples are turns of a chat; a note says what is
 * left out.
 * @param spec What to synthesise, as for {@link synthesize}; its sources are read once.
 * @returns both; in place of one that the model or the task refuses, such as a chat without a template, why.
 * @throws As {@link preview}, where both are refused what the task's own format is.
 * @example
 * import { previewBoth } from "corrsynth";
 * const { raw, chat } = await previewBoth(teacher, spec);
 * for (const found of [raw, chat]) {
 *   console.log("refused" in found ? found.refused : [found.format, found.collapse, found.endings]);
 * }
 */
export async function previewBoth<Labels extends LabelsInput>(
  teacher: Teacher,
  spec: TaskOf<Labels> | ResolvedSpec,
  options: PreviewOptions = {},
): Promise<PreviewBoth<LabelNames<Labels>>> {
  const given = resolveSpec(spec);
  const { count, sampling, seeds, contexts } = given;
  const own = changedSpec(given, {
    count,
    seed: sampling.seed,
    seeds: seeds && (await readSource(seeds, "seeds")),
    contexts: contexts && (await readSource(contexts, "contexts")),
  });
  const raw = await inFormat("raw");
  const chat = await inFormat("chat");
  if (raw instanceof Error && chat instanceof Error) throw given.prompt.format === "raw" ? raw : chat;
  return { raw: told(raw), chat: told(chat) } as PreviewBoth<LabelNames<Labels>>;

  async function inFormat(format: Preview["format"]): Promise<Preview | CorrSynthError> {
    try {
      const { spec, leftOut } = formattedSpec(own, format);
      const found = await preview(teacher, spec, options);
      return { ...found, notes: [...leftOutNotes(format, leftOut), ...found.notes] };
    } catch (error) {
      if (error instanceof CorrSynthError && refusals.includes(error.code)) return error;
      throw error;
    }
  }
}

function told(found: Preview | CorrSynthError): Preview | NoPreview {
  return found instanceof Error ? { refused: found.message } : found;
}

/** What a format may be refused with; anything else is wrong whatever the format. */
const refusals: readonly string[] = ["CORRSYNTH_INVALID_CONFIG", "CORRSYNTH_PROMPT_TOO_LONG", "CORRSYNTH_CONTEXT_FULL"];

function leftOutNotes(format: Preview["format"], leftOut: readonly string[]): string[] {
  return leftOut.length === 0 ? [] : [`Format "${format}" has no use for ${leftOut.join(", ")}: left out here`];
}
