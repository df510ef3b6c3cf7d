/** What the engine is told of a task. */
import type { NativeContextOptions, NativeGenerationOptions } from "../engine/binding.js";
import type { TeacherInfo } from "../engine/teacher.js";
import { defaultThreads } from "../engine/threads.js";
import { type GroupShape, rowsOf } from "../methods/coupling.js";
import { layersOf } from "../methods/layers.js";
import { layersPartner } from "../methods/second-partner.js";
import type { ResolvedSpec } from "../task/spec.js";
import type { Capacity } from "./capacity.js";
import type { SecondModel } from "./second-model.js";

/**
 * @param room  groups at once, rows that only keep prompts, and tokens of a row.
 * @param info  of the teacher: its copies, and its blocks.
 */
export function nativeOptions(
  spec: ResolvedSpec,
  shape: GroupShape,
  room: Pick<Capacity, "groups" | "stored"> & { slotSize: number; second: SecondModel | undefined },
  { replicas, layers: blocks }: Pick<TeacherInfo, "replicas" | "layers">,
): NativeGenerationOptions {
  const { sampling, engine } = spec;
  const { groups, stored, slotSize, second } = room;
  const [first, beside] = [rowsOf(0, shape.rows), rowsOf(1, shape.rows)];
  const layers = layersOf(spec.method, blocks);
  const context = (rows: number, role: string): NativeContextOptions => ({
    layers: new Int32Array(),
    slots: groups * rows,
    stored: stored > 0 ? rows : 0,
    slotSize,
    batchSize: engine.batchSize,
    kvType: engine.kvType,
    flashAttention: engine.flashAttention === "auto" ? "" : engine.flashAttention ? "on" : "off",
    threads: engine.threads ?? defaultThreads(replicas),
    role,
  });
  return {
    shape: {
      generating: shape.generating,
      follows: Int32Array.from(shape.rows, (row) => row.follows),
      source: second === undefined ? new Int32Array() : Int32Array.from(shape.rows, ({ source }) => source),
      layerWeight: layersPartner(spec.method)?.weight ?? 0,
      warmUp: sampling.warmUp,
      contrastUntil: sampling.contrastTokens,
      gamma: shape.gamma,
      sets: shape.sets.map(({ row, total, members }) => ({ row, total, members: Int32Array.from(members) })),
    },
    step: {
      plausibility: sampling.plausibility,
      temperature: sampling.temperature * shape.temperature,
      topP: sampling.topP,
      topK: sampling.topK,
      keepsEnds: sampling.ends === "kept",
      seed: BigInt(sampling.seed),
    },
    limits: { maxTokens: sampling.maxTokens, stop: sampling.stop },
    logProbs: sampling.logprobs,
    contrastNorms: sampling.contrastNorms,
    context: { ...context(first, second === undefined ? "" : "the teacher"), layers: Int32Array.from(layers) },
    secondContext: second === undefined ? null : context(beside, `the ${second.role}`),
  };
}
