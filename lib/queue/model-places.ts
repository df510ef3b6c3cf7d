/** Where each machine has the models that a task names beside its teacher. */
import { show } from "../checks/nearest.js";
import { InvalidConfigError } from "../errors.js";
import { modelsBeside } from "../task/models-beside.js";
import type { SynthesisSpec } from "../task/spec.js";

/** Where a machine has the models that a task names beside its teacher. */
export interface ModelPlaces {
  /** The second model, amateur or guide: "demo", hf:…, or a path; default as the task has it. */
  readonly second?: string | undefined;
  /** The embedder of the label check, likewise. */
  readonly embedder?: string | undefined;
}

/** The models of a task as the places that its workers have them at. */
export function placesOf(spec: SynthesisSpec): ModelPlaces {
  const { "amateur.model": amateur, "guide.model": second = amateur, "check.embedder": embedder } = modelsBeside(spec);
  return { ...(second === undefined ? {} : { second }), ...(embedder === undefined ? {} : { embedder }) };
}

/**
 * The task with its models where a machine has them.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with each place of a model that the task does not have.
 */
export function placed(spec: SynthesisSpec, places: ModelPlaces): SynthesisSpec {
  const named = placesOf(spec);
  const issues = (["second", "embedder"] as const)
    .filter((path) => places[path] !== undefined && named[path] === undefined)
    .map((path) => ({ path, message: `Expected none, since the task names none, received ${show(places[path])}` }));
  if (issues.length > 0) throw new InvalidConfigError(issues);
  const { second: model, embedder } = places;
  const { amateur, guide, check } = spec;
  return {
    ...spec,
    ...(model === undefined || amateur === undefined ? {} : { amateur: at(model, amateur) }),
    ...(model === undefined || guide === undefined ? {} : { guide: at(model, guide) }),
    ...(embedder === undefined || check?.by !== "student" ? {} : { check: { ...check, embedder } }),
  };
}

type Second = NonNullable<SynthesisSpec["amateur"]>;

function at(model: string, given: Second): Second {
  return typeof given === "string" ? model : { ...given, model };
}
