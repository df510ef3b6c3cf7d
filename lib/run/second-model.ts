/** The second model of a run: loaded beside the teacher, with the same tokens and prompts of its own form. */
import { loadTeacher } from "../engine/load.js";
import type { Prompt } from "../engine/prompt.js";
import type { Teacher } from "../engine/teacher.js";
import { CorrSynthError, InvalidConfigError } from "../errors.js";
import { type GroupShape, rowsOf, type ShapeRow } from "../methods/coupling.js";
import { type SecondPartner, secondPartner } from "../methods/second-partner.js";
import type { Group, GroupFactory } from "../prompt/group.js";
import { asOf } from "../task/second-model-checks.js";
import { promptOfSecond } from "../task/second-prompt.js";
import type { ResolvedSpec } from "../task/spec.js";

/** A second model, ready to decode. */
export interface SecondModel {
  readonly role: SecondPartner["role"];
  readonly model: Teacher;
  /** The task with its prompts in place of the teacher's. */
  readonly spec: ResolvedSpec;
}

/**
 * Loads the model that the method needs beside the teacher, onto the teacher's devices. Whoever asked for it closes it.
 * @returns undefined where no row has one.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with the first token in which it differs from the teacher; else as
 *   `loadTeacher`, and what it says then begins with the role.
 */
export async function loadSecondModel(
  teacher: Teacher,
  spec: ResolvedSpec,
  shape: GroupShape,
): Promise<SecondModel | undefined> {
  if (rowsOf(1, shape.rows) === 0) return undefined;
  const { role } = secondPartner(spec.method)!;
  const given = spec[role]!;
  const model = await loadTeacher(given.model, teacher.device).catch((error: unknown) => {
    if (!(error instanceof CorrSynthError)) throw error;
    throw new CorrSynthError(error.code, `The ${role}: ${error.message}`, { cause: error });
  });
  const difference = teacher.vocabularyDifference(model, role);
  if (difference === "") return { role, model, spec: { ...spec, prompt: promptOfSecond(spec.prompt, given) } };
  await model.close();
  const message = `Expected a model with the teacher's tokens, since probabilities are compared token by token, received`;
  throw new InvalidConfigError([{ path: role, message: `${message} "${given.model}": ${difference}` }]);
}

/** Has what is wrong with the second model's prompts told as that of its field. */
export async function forSecond<Result>({ role }: SecondModel, make: () => Promise<Result> | Result): Promise<Result> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof InvalidConfigError) throw new InvalidConfigError(asOf(role, error.issues), { cause: error });
    throw error;
  }
}

/** The rows of its factory: those that generate, each with the prompt of the second model. */
export function shapeOfSecond(shape: GroupShape): GroupShape {
  return { ...shape, rows: shape.rows.slice(0, shape.generating), sets: [] };
}

/** Makes groups whose rows of the second model have the prompts that a factory of its own makes of the same draws. */
export class PairedFactory {
  readonly #rows: readonly ShapeRow[];
  readonly #first: GroupFactory;
  readonly #second: GroupFactory;

  constructor({ rows }: GroupShape, first: GroupFactory, second: GroupFactory) {
    this.#rows = rows;
    this.#first = first;
    this.#second = second;
  }

  build(index: number, wanted?: readonly number[]): Group {
    const group = this.#first.build(index, wanted);
    const second = this.#second.build(index, wanted);
    return {
      ...group,
      prompts: this.#paired(group.prompts, second.prompts),
      beginnings: group.beginnings.map((prompts, i) => this.#paired(prompts, second.beginnings[i]!)),
    };
  }

  #paired(first: readonly Prompt[], second: readonly Prompt[]): Prompt[] {
    return first.map((prompt, m) => {
      const { source, follows } = this.#rows[m]!;
      return source === 0 ? prompt : second[follows]!;
    });
  }
}

/** Tokens of each row's prompt, by the model that decodes it. */
export async function tokenizeRows(
  teacher: Teacher,
  { shape, second }: { readonly shape: GroupShape; readonly second: SecondModel | undefined },
  prompts: readonly Prompt[],
): Promise<Int32Array[]> {
  if (second === undefined) return await teacher.tokenize(prompts);
  const isSecond = (m: number) => shape.rows[m]?.source === 1;
  const own = await teacher.tokenize(prompts.filter((_, m) => !isSecond(m)));
  const its = await second.model.tokenize(prompts.filter((_, m) => isSecond(m)));
  return prompts.map((_, m) => (isSecond(m) ? its : own).shift()!);
}
