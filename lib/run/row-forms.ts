/** The prompts of a task as one model has them: its chat template tried, its prompts measured, seeds that fit. */
import type { Prompt } from "../engine/prompt.js";
import type { Teacher } from "../engine/teacher.js";
import { InvalidConfigError } from "../errors.js";
import type { GroupShape } from "../methods/coupling.js";
import { type ChatFormat, readChatFormat } from "../prompt/chat-template.js";
import { GroupFactory, turnsOf } from "../prompt/group.js";
import type { SeedPools } from "../prompt/seeds.js";
import { templateOf } from "../prompt/template-file.js";
import type { ResolvedSpec } from "../task/spec.js";
import { fittingSeeds } from "./long-seeds.js";

/** Seeds and contexts of a task, by label. */
export interface Sources {
  readonly pools: SeedPools;
  readonly contexts: SeedPools;
}

/** The prompts of rows, for one model. */
export interface RowForms {
  readonly factory: GroupFactory;
  /** Seeds with which its prompts fit: the very same where all do. */
  readonly pools: SeedPools;
  /** Tokens of the longest prompt that can come up, per label. */
  readonly longestPrompts: ReadonlyMap<string, number>;
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}

/** @throws {InvalidConfigError} and {@link PromptTooLongError} where seeds, prompts and model do not fit each other. */
export async function rowPrompts(
  model: Teacher,
  spec: ResolvedSpec,
  { shape, pools, contexts }: Sources & { readonly shape: GroupShape },
): Promise<RowForms> {
  const chat = await chatFormat(model, spec, pools);
  const forms = { chat, blank: blankPrompt(model, spec) };
  let factory = new GroupFactory(spec, shape, pools, contexts, forms);
  let longestPrompts = await measure(model, factory);
  const contextSize = spec.engine.contextSize ?? model.info.contextTrain;
  const fitting = await fittingSeeds(model, spec, factory, pools, { contextSize, longestPrompts });
  if (fitting.pools !== pools) {
    factory = new GroupFactory(spec, shape, fitting.pools, contexts, forms);
    longestPrompts = await measure(model, factory);
  }
  const warnings = [...fitting.warnings, ...factory.warnings, ...(chat?.warnings ?? [])];
  return { factory, pools: fitting.pools, longestPrompts, warnings, notes: chat?.notes ?? [] };
}

async function chatFormat(teacher: Teacher, spec: ResolvedSpec, pools: SeedPools): Promise<ChatFormat | undefined> {
  const { prompt } = spec;
  if (prompt.format === "raw") return undefined;
  const template = await templateOf(prompt, teacher.chatTemplate());
  if (template === undefined) return undefined;
  return await readChatFormat(template, {
    system: prompt.system,
    turns: turnsOf(spec, pools),
    hasAnswer: prompt.answer.trim() !== "",
    templateArguments: prompt.templateArguments,
  });
}

// What an unconditional prompt is for this model; undefined where no row has one.
function blankPrompt(teacher: Teacher, { method }: ResolvedSpec): Prompt | undefined {
  if (method.name !== "cfg-prompt") return undefined;
  const { bosToken, eosToken } = teacher.chatTemplate();
  const text = bosToken || eosToken;
  if (text !== "" || method.negative.trim() !== "") return [{ text, special: true }];
  const message =
    'Expected text, since the model has no token for the beginning of a text, received "": an empty prompt has nothing ' +
    "to begin with";
  throw new InvalidConfigError([{ path: "method.negative", message }]);
}

async function measure(teacher: Teacher, factory: GroupFactory): Promise<Map<string, number>> {
  const prompts = factory.worstCasePrompts();
  const tokens = await teacher.tokenize(prompts.map(({ prompt }) => prompt));
  const longest = new Map<string, number>();
  for (const [i, { label }] of prompts.entries()) {
    longest.set(label, Math.max(longest.get(label) ?? 0, tokens[i]?.length ?? 0));
  }
  return longest;
}
