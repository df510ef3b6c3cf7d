/** Finds a model's file, says what is no model, and loads it: as a teacher, or to embed texts alone. */
import { resolve } from "node:path";
import { ModelLoadError } from "../errors.js";
import type { PullOptions } from "../hub/pull.js";
import { resolveModelPath } from "../hub/source.js";
import { isHubUri } from "../hub/uri.js";
import { packageRoot } from "./addon.js";
import type { NativeModel, NativeModelInfo } from "./binding.js";
import { checkServers, type DeviceOptions, resolveDevice } from "./device.js";
import { binding } from "./loaded-addon.js";
import { MappedFiles } from "./mapped-files.js";
import { checkModelFile } from "./model-file.js";
import { fromNative } from "./native-error.js";
import { Teacher } from "./teacher.js";

/**
 * Loads a language model from a GGUF file.
 *
 * @param source Path of the file ("~" is the home directory); `hf:owner/repo/file.gguf` of the Hugging Face Hub, or the
 *   address of its page there, fetched once, see {@link pull}; or "demo" for the small teacher that ships with the
 *   package (writes dictionary definitions; needs no path, no network).
 * @param device Where to put it, see {@link DeviceOptions}; default all GPUs that are found, else the CPU.
 * @param fetching How an hf: file is fetched.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with every wrong field of `device`.
 * @throws {DeviceError} CORRSYNTH_DEVICE when the device that was asked for is not there.
 * @throws {ModelLoadError} CORRSYNTH_MODEL_LOAD when there is no such file, or it is no model that can generate: an
 *   encoder such as BERT is for {@link loadEmbedder}.
 * @throws {DownloadError} CORRSYNTH_DOWNLOAD when an hf: file cannot be fetched.
 * @throws {BindingError} CORRSYNTH_BINDING when the native addon is missing.
 * @example
 * await using teacher = await loadTeacher("demo");
 * console.log(teacher.info.parameters);
 */
export function loadTeacher(source: string, device: DeviceOptions = {}, fetching: PullOptions = {}): Promise<Teacher> {
  return load(source, device, fetching, ({ causal, architecture }) => {
    if (causal) return undefined;
    return (
      `its architecture (${architecture}) reads texts in both directions and cannot write one: take a decoder-only ` +
      "language model; this one can embed (--embedder, or loadEmbedder)"
    );
  });
}

/** A model that turns texts into vectors. */
export type EmbeddingModel = Pick<Teacher, "info" | "embed" | "isCached" | "close" | "closed"> & AsyncDisposable;

/**
 * Loads a model to embed texts with: an embedding model, or any other that {@link loadTeacher} takes. Parameters and
 * errors are those of `loadTeacher`, but that a model which cannot write serves.
 * @throws {ModelLoadError} CORRSYNTH_MODEL_LOAD also for a reranker, which scores pairs of texts.
 * @example
 * import { loadEmbedder } from "corrsynth";
 * await using model = await loadEmbedder("demo");
 * const [vector] = await model.embed(["small rodent"]);
 * console.log(model.info.pooling, vector.length); // last 192
 */
export function loadEmbedder(
  source: string,
  device: DeviceOptions = {},
  fetching: PullOptions = {},
): Promise<EmbeddingModel> {
  return load(source, device, fetching, ({ pooling }) =>
    pooling === "rank" ? "it is a reranker, which scores pairs of texts: take an embedding model" : undefined,
  );
}

async function load(
  source: string,
  device: DeviceOptions,
  fetching: PullOptions,
  refusal: (info: NativeModelInfo) => string | undefined,
): Promise<Teacher> {
  const { device: options, replicate } = resolveDevice(device);
  const path = await modelPath(source, fetching);
  await checkModelFile(path);
  await checkServers(options.rpcServers);
  const loaded: NativeModel[] = [];
  try {
    const files = await MappedFiles.of(path, options.mmap).catch((cause: Error) => {
      throw new ModelLoadError(`Cannot read model "${path}": ${cause.message}`, { cause });
    });
    const { loadModel } = binding();
    const first = await loadModel(path, options);
    loaded.push(first);
    const problem = refusal(first.info());
    if (problem !== undefined) throw new ModelLoadError(`Cannot use model "${path}": ${problem}`);
    const replicas = replicate ? first.info().candidates : 1;
    while (loaded.length < replicas) loaded.push(await loadModel(path, { ...options, mainGpu: loaded.length }));
    await files.check();
    const teacher = new Teacher(files, first, ...loaded.slice(1));
    teacher.device = device;
    return teacher;
  } catch (error) {
    for (const model of loaded) model.close();
    throw fromNative(error);
  }
}

/** Where the file of a model is that {@link loadTeacher} would load, fetched where it must be. */
export async function modelPath(source: string, fetching: PullOptions = {}): Promise<string> {
  if (typeof source !== "string" || source === "") {
    throw new ModelLoadError(
      `Expected the path of a GGUF file or "demo", received ${JSON.stringify(source) ?? "nothing"}`,
    );
  }
  if (/^https?:/.test(source) && !isHubUri(source)) {
    throw new ModelLoadError(
      `Expected a path or hf:owner/repo/file.gguf, received "${source}": download the file and give its path`,
    );
  }
  if (source === "demo") return resolve(packageRoot, "models/demo-teacher.Q8_0.gguf");
  return resolveModelPath(source, fetching);
}
