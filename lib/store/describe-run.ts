// What a manifest says of a run: everything that it takes to make the same rows again.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, cpus, platform } from "node:os";
import { modelPath } from "../engine/load.js";
import type { Teacher } from "../engine/teacher.js";
import { InvalidConfigError, invalidField } from "../errors.js";
import { openFolder } from "../files/folder.js";
import { readTemplateFile } from "../prompt/template-file.js";
import { modelsBeside } from "../task/models-beside.js";
import type { ResolvedSpec } from "../task/spec.js";
import type { RunDescription } from "./manifest.js";

/**
 * Version of this package, and commit of the llama.cpp it is built from.
 * @example
 * const { corrsynth, llamaCpp } = versions();
 * console.log(`corrsynth ${corrsynth}, llama.cpp ${llamaCpp}`);
 */
export function versions(): { readonly corrsynth: string; readonly llamaCpp: string } {
  const require = createRequire(import.meta.url);
  const { version } = require("../../package.json") as { version: string };
  const { commit } = require("../../deps/llama.json") as { commit: string };
  return { corrsynth: version, llamaCpp: commit };
}

/**
 * @param settings  the task with every default filled in, as the run has it.
 * @param written  the task as the person wrote it.
 * @param started  when the run began.
 */
export async function describeRun(
  teacher: Teacher,
  settings: ResolvedSpec,
  written: unknown,
  started: Date,
): Promise<RunDescription> {
  return {
    task: written,
    settings,
    seed: settings.sampling.seed,
    inputs: await inputsOf(settings),
    teacher: { ...teacher.info, sha256: await teacher.sha256() },
    versions: { ...versions(), node: process.version },
    device: {
      gpus: teacher.info.devices.map(({ name, description }) => ({ name, description })),
      platform: platform(),
      arch: arch(),
      processor: cpus()[0]?.model ?? "unknown",
    },
    started: started.toISOString(),
  };
}

/** Hashes of the models that a task names beside its teacher, by field. */
export async function modelHashes(settings: ResolvedSpec): Promise<Record<string, string>> {
  const inputs: Record<string, string> = {};
  for (const [field, source] of Object.entries(modelsBeside(settings))) {
    inputs[field] = await sha256(await modelPath(source), field);
  }
  return inputs;
}

/** Hashes of all files that the settings name, by field. */
export async function inputsOf(settings: ResolvedSpec): Promise<Record<string, string>> {
  const inputs = await modelHashes(settings);
  for (const field of ["seeds", "contexts"] as const) {
    const path = settings[field];
    if (typeof path === "string") inputs[field] = await sha256(path, field);
  }
  const { prompt, amateur, guide } = settings;
  for (const [field, texts] of Object.entries({ prompt, amateur, guide })) {
    if (typeof texts?.template !== "string") continue;
    inputs[`${field}.template`] = createHash("sha256")
      .update(await readTemplateFile(texts.template))
      .digest("hex");
  }
  return inputs;
}

/** The hash of a file or a folder that a field names. */
export async function sha256(path: string, field: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    const files = (await stat(path)).isDirectory() ? (await openFolder(path)).files : [path];
    for (const file of files) for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  } catch (cause) {
    if (cause instanceof InvalidConfigError) throw cause;
    const message = `Expected a readable file (${(cause as Error).message})`;
    throw invalidField(field, message, { cause });
  }
  return hash.digest("hex");
}
