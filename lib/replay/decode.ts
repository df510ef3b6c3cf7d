/** Decodes one group by itself, with a trace of one of its rows; and the same prompts without contrast. */
import type { NativeGenerationOptions, NativeGroup } from "../engine/binding.js";
import type { Teacher } from "../engine/teacher.js";
import type { Instance } from "../instance.js";
import type { GroupShape } from "../methods/coupling.js";
import type { Group } from "../prompt/group.js";
import { RowJudge } from "../run/judge.js";
import { produce } from "../run/make-groups.js";
import type { Prepared } from "../run/prepare.js";
import type { RejectedRow } from "../run/rejected-row.js";

/** What is decoded of a group, and how it is stopped. */
export interface DecodeOptions {
  /** Number of the row that is traced, and how many of the most likely tokens are told of each step. */
  readonly trace: { readonly row: number; readonly likely: number } | undefined;
  readonly signal: AbortSignal | undefined;
}

/** A group that was decoded. */
export interface Decoded {
  readonly native: NativeGroup;
  /** By the number of the row: as the row filters leave it, or refuse it. */
  readonly rows: ReadonlyMap<number, Instance | RejectedRow>;
}

/** @throws what stopped the engine, or a prompt that does not fit. */
export async function decodeGroup(
  teacher: Teacher,
  prepared: Prepared,
  group: Group,
  { trace, signal }: DecodeOptions,
): Promise<Decoded> {
  const judge = new RowJudge({ ...prepared, check: undefined });
  const native: NativeGenerationOptions =
    trace === undefined ? prepared.native : { ...prepared.native, trace: { group: group.index, ...trace } };
  const rows = new Map<number, Instance | RejectedRow>();
  let result: NativeGroup | undefined;
  await produce(
    teacher,
    { ...prepared, taboo: undefined, native, factory: { build: () => group } },
    { first: group.index, count: 1 },
    {
      judge: (made, decoded) => {
        result = decoded;
        return judge.judge(made, decoded);
      },
      take: ({ instances, rejected = [] }) => {
        for (const row of [...instances, ...rejected]) rows.set(Number(row.id.split(".")[1]), row);
      },
    },
    { signal },
  );
  return { native: result!, rows };
}

/**
 * The group's rows with the same prompts and random numbers, without any partner: FewGen at the task's own temperature.
 */
export function withoutContrast(prepared: Prepared, group: Group): { prepared: Prepared; group: Group } {
  const { shape, native, spec } = prepared;
  const rows = shape.rows.slice(0, shape.generating);
  const plain: GroupShape = { gamma: 1, temperature: 1, generating: rows.length, rows, sets: [] };
  const first = <T>(list: readonly T[]) => list.slice(0, rows.length);
  const options: NativeGenerationOptions = {
    ...native,
    shape: {
      ...native.shape,
      follows: native.shape.follows.slice(0, rows.length),
      source: new Int32Array(),
      layerWeight: 0,
      gamma: 1,
      sets: [],
    },
    step: { ...native.step, temperature: spec.sampling.temperature },
    context: {
      ...native.context,
      layers: new Int32Array(),
      slots: rows.length,
      stored: native.context.stored > 0 ? rows.length : 0,
      role: "",
    },
    secondContext: null,
  };
  return {
    prepared: { ...prepared, shape: plain, native: options, second: undefined },
    group: {
      ...group,
      prompts: first(group.prompts),
      beginnings: group.beginnings.map(first),
      ...(group.present === undefined ? {} : { present: first(group.present) }),
    },
  };
}
