/** The process of {@link tryTeacher}: loads the model that it is told, has it write a few tokens, and answers once. */
import { LayersError } from "../errors.js";
import { candidates, candidatesIssue } from "../methods/layers.js";
import type { NativeGenerationOptions } from "./binding.js";
import type { DeviceOptions } from "./device.js";
import { Generation } from "./generation.js";
import { loadTeacher } from "./load.js";
import type { Teacher } from "./teacher.js";
import { defaultThreads } from "./threads.js";
import type { Trial, TrialAnswer, TrialTask } from "./trial.js";

const prompt = [{ text: "A short text:", special: false }];
const tokens = 8;

async function trial({ source, second, layers, device }: TrialTask): Promise<Trial> {
  await using first = await Tried.load(source, device);
  const result = { ...(await first.result()), ...(layers === undefined ? {} : await first.withLayers(layers)) };
  if (second === undefined) return result;
  await using beside = await Tried.load(second, device);
  const difference = first.teacher.vocabularyDifference(beside.teacher, "second model");
  return { ...result, second: { ...(await beside.result()), difference } };
}

class Tried implements AsyncDisposable {
  private constructor(
    readonly teacher: Teacher,
    readonly secondsToLoad: number,
  ) {}

  static async load(source: string, device: DeviceOptions): Promise<Tried> {
    const started = performance.now();
    const teacher = await loadTeacher(source, device);
    return new Tried(teacher, (performance.now() - started) / 1000);
  }

  async result(): Promise<Trial> {
    return { info: this.teacher.info, text: await write(this.teacher), secondsToLoad: this.secondsToLoad };
  }

  /** Writes once more, against its own early layers; a model whose layers cannot be read has that as its problem. */
  async withLayers(layers: NonNullable<TrialTask["layers"]>): Promise<Pick<Trial, "layers">> {
    const { layers: blocks } = this.teacher.info;
    const [found, issue] = [candidates(layers, blocks), candidatesIssue(layers, blocks)];
    if (issue !== undefined) return { layers: { candidates: found, problem: issue } };
    try {
      await write(this.teacher, found);
    } catch (error) {
      if (!(error instanceof LayersError)) throw error;
      return { layers: { candidates: found, problem: error.message } };
    }
    return { layers: { candidates: found, problem: "" } };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.teacher.close();
  }
}

async function write(teacher: Teacher, layers: readonly number[] = []): Promise<string> {
  const prompts = await teacher.tokenize([prompt]);
  let text = "";
  let isSubmitted = false;
  const generation = new Generation(teacher, oneRow(prompts[0]!.length + tokens, layers), {
    want: () => {
      if (isSubmitted) return generation.decline();
      isSubmitted = true;
      generation.submit(0, prompts);
    },
    group: ({ rows }) => {
      text = rows[0]?.text ?? "";
    },
    progress: () => {},
  });
  await generation.ended;
  return text.trim();
}

/** One row, drawn from the nucleus of 0.9, without contrast but with that of early layers. */
function oneRow(slotSize: number, layers: readonly number[]): NativeGenerationOptions {
  return {
    shape: {
      generating: 1,
      follows: Int32Array.of(0),
      source: new Int32Array(),
      layerWeight: layers.length > 0 ? 1 : 0,
      warmUp: 0,
      contrastUntil: 2 ** 31 - 1,
      gamma: 1,
      sets: [],
    },
    step: {
      plausibility: layers.length > 0 ? 0.1 : 1e-3,
      temperature: 1,
      topP: 0.9,
      topK: 0,
      keepsEnds: false,
      seed: 0n,
    },
    limits: { maxTokens: tokens, stop: [] },
    logProbs: false,
    contrastNorms: false,
    context: {
      slots: 1,
      stored: 0,
      slotSize,
      batchSize: 512,
      kvType: "f16",
      flashAttention: "",
      threads: defaultThreads(1),
      layers: Int32Array.from(layers),
      role: "",
    },
    secondContext: null,
  };
}

process.once("disconnect", () => process.kill(process.pid, "SIGKILL")); // nobody is left to answer
process.once("message", async (task: TrialTask) => {
  const answer: TrialAnswer = await trial(task).then(
    (trial) => ({ trial }),
    ({ code, message }) => ({ error: { code, message } }),
  );
  process.send?.(answer);
});
