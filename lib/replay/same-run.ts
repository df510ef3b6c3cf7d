/** Whether what a run was made of is at hand: its task, its model, its files; and what else may change a token. */
import { arch, cpus, platform } from "node:os";
import type { Teacher } from "../engine/teacher.js";
import { type ConfigIssue, InvalidConfigError, NotReproducibleError } from "../errors.js";
import { inputsOf, versions } from "../store/describe-run.js";
import type { Resumption, RunManifest } from "../store/manifest.js";
import { usesPlaceholder } from "../task/prompt-spec.js";
import { isIterable } from "../task/seed-source.js";
import type { ResolvedSpec } from "../task/spec.js";

/** Where the files of a task are now, if not where the run had them. */
export interface MovedSources {
  readonly seeds?: string | undefined;
  readonly contexts?: string | undefined;
}

/**
 * The task of a run as it is made again: without the label check, which no token depends on, and one group at a time.
 * Its files must be those of the run, by their hashes.
 * @throws {NotReproducibleError} CORRSYNTH_NOT_REPRODUCIBLE with each that is another, or is not there.
 */
export async function taskOf(manifest: RunManifest, moved: MovedSources): Promise<ResolvedSpec> {
  const settings = manifest.settings as ResolvedSpec | null | undefined;
  const parts = ["labels", "count", "prompt", "method", "sampling", "filters", "engine", "limits"] as const;
  const missing = parts.filter((name) => typeof settings?.[name] !== "object");
  if (missing.length > 0 || settings === null || settings === undefined) {
    throw new NotReproducibleError([
      { path: "settings", message: `Expected the settings of a run in its manifest, which lack ${missing.join(", ")}` },
    ]);
  }
  const { check: _, ...rest } = settings;
  const given = Object.fromEntries(Object.entries(moved).filter(([, path]) => path !== undefined));
  const spec: ResolvedSpec = {
    ...rest,
    ...given,
    engine: { ...settings.engine, groups: 1 },
    filters: { ...settings.filters, keepRejected: true },
  };
  const issues = (["seeds", "contexts"] as const).flatMap((field) => unknownSource(field, spec[field]));
  for (const issue of await changedInputs(manifest, spec)) issues.push(issue);
  if (issues.length > 0) throw new NotReproducibleError(issues);
  return spec;
}

// Items of a program are in the manifest, where they were a list.
function unknownSource(field: "seeds" | "contexts", source: unknown): ConfigIssue[] {
  if (source === undefined || typeof source === "string" || isIterable(source)) return [];
  const message =
    `Expected the ${field} of the run, which were given by a program that gave them once, received nothing: ` +
    `give a file with the same (--${field}, or the option "${field}")`;
  return [{ path: field, message }];
}

async function changedInputs({ inputs = {} }: RunManifest, spec: ResolvedSpec): Promise<ConfigIssue[]> {
  let now: Readonly<Record<string, string>>;
  try {
    now = await inputsOf(spec);
  } catch (cause) {
    if (!(cause instanceof InvalidConfigError)) throw cause;
    const where = (field: string) =>
      field === "seeds" || field === "contexts" ? `say where they are now (--${field})` : "put the file back";
    throw new NotReproducibleError(
      cause.issues.map(({ path, message }) => ({
        path,
        message: `${message}: its prompts cannot be rendered again; ${where(path)}`,
      })),
      { cause },
    );
  }
  return Object.entries(now).flatMap(([field, hash]) => {
    const then = inputs[field];
    if (then === undefined || then === hash) return [];
    const message = `Expected the file that the run had, of SHA-256 "${then}", received one of "${hash}"`;
    return [{ path: field, message: `${message}: restore it, or say where it is` }];
  });
}

/** @throws {NotReproducibleError} CORRSYNTH_NOT_REPRODUCIBLE when it is another model than the run's. */
export async function checkModel({ teacher: then }: RunManifest, teacher: Teacher): Promise<void> {
  const now = await teacher.sha256();
  if (now === then.sha256) return;
  const message =
    `Expected the model of the run, ${then.path} of SHA-256 "${then.sha256}", received ${teacher.info.path} of ` +
    `"${now}": no token would be the same; give the run's own (--teacher)`;
  throw new NotReproducibleError([{ path: "teacher", message }]);
}

/**
 * Why a row may come out otherwise although everything that it was made of is there; nothing where it must be the same.
 * @param group  number of the row's group.
 */
export function doubtsOf(manifest: RunManifest, spec: ResolvedSpec, teacher: Teacher, group: number): string[] {
  const doubts: string[] = [];
  const { engine } = manifest.settings as ResolvedSpec;
  if (!engine.reproducible && engine.groups !== 1 && !usesPlaceholder(spec, "taboo")) {
    doubts.push(
      "Its group was decoded beside others, and here by itself: which rows share a batch moves the last bits of every " +
        "logit. Only of a run with engine.reproducible is each row sure to come out again",
    );
  }
  const session = sessionOf(manifest, group);
  const now: Readonly<Record<string, string>> = versions();
  for (const [name, title] of [
    ["corrsynth", "corrsynth"],
    ["llamaCpp", "llama.cpp"],
  ] as const) {
    const then = session.versions?.[name];
    if (then !== undefined && then !== now[name]) doubts.push(`It was made by ${title} ${then}, this is ${now[name]}`);
  }
  const device = machineOf(session.device);
  const here = machineOf({
    gpus: teacher.info.devices,
    platform: platform(),
    arch: arch(),
    processor: cpus()[0]?.model ?? "unknown",
  });
  if (device !== undefined && device !== here) doubts.push(`It was made on ${device}, this is ${here}`);
  return doubts;
}

// The session that made a group: the last that began with it or before.
function sessionOf(manifest: RunManifest, group: number): Pick<Resumption, "versions" | "device"> {
  const later = Array.isArray(manifest.resumed) ? manifest.resumed.filter((session) => session.group <= group) : [];
  return later.at(-1) ?? manifest;
}

function machineOf(device: unknown): string | undefined {
  const { gpus, platform, arch, processor } = (device ?? {}) as Record<string, unknown>;
  if (typeof platform !== "string") return undefined;
  const names = Array.isArray(gpus)
    ? gpus.map((gpu: { description?: unknown } | null) => String(gpu?.description))
    : [];
  return [...(names.length > 0 ? names : [String(processor)]), `${platform} ${String(arch)}`].join(", ");
}
