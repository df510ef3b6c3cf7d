/** The models that a task names beside its teacher. */
import type { ResolvedSpec, SynthesisSpec } from "./spec.js";

/**
 * The models that a task names beside its teacher, by field: `amateur.model`, `guide.model`, `check.embedder`.
 * @example
 * import { modelsBeside } from "corrsynth";
 * console.log(modelsBeside({ ...spec, amateur: "demo" })); // { 'amateur.model': 'demo' }
 */
export function modelsBeside({
  amateur,
  guide,
  check,
}: Pick<SynthesisSpec | ResolvedSpec, "amateur" | "guide" | "check">): Readonly<Record<string, string>> {
  const found = {
    "amateur.model": typeof amateur === "object" ? amateur.model : amateur,
    "guide.model": typeof guide === "object" ? guide.model : guide,
    "check.embedder": check?.by === "student" ? check.embedder : undefined,
  };
  const named = Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(named);
}
