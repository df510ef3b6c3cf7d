// What rounds are asked for, and all that can be wrong with it before a model is loaded.
import { pathText } from "../checks/issues.js";
import { show, suggestion } from "../checks/nearest.js";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import type { Progress } from "../run/report.js";
import type { SeedSource } from "../task/seed-source.js";
import type { ResolvedSpec } from "../task/spec.js";
import type { VectorCache } from "../vector-cache/cache.js";
import { agree } from "./policies/agree.js";
import { errors } from "./policies/errors.js";
import { influence } from "./policies/influence.js";
import { self } from "./policies/self.js";
import { weights } from "./policies/weights.js";
import type { GivenText, Policy } from "./policy.js";
import type { RoundRecord } from "./record.js";

/** The policies, each with the system that it is after. */
export const roundPolicies = {
  agree: "ReGen: rows that a cross-fitted student takes for another label are dropped and made up for",
  errors: "S3: a student's errors on human validation rows become the examples",
  influence: "ProGen: the rows that help a student most become the examples",
  weights: "SunGen: no new rows; each gets a weight by how much it helps",
  self: "self-instruct: accepted rows join the examples, at most half of a prompt's",
} as const;

/** Name of a policy. */
export type RoundPolicy = keyof typeof roundPolicies;

/** The functions of the policies. */
export const policies: Readonly<Record<RoundPolicy, Policy>> = { agree, errors, influence, weights, self };

/** Rounds by policy, how they are watched and stopped. */
export interface RoundsOptions {
  /** What a round takes from those before, see {@link roundPolicies}. */
  readonly policy: RoundPolicy;
  /** Rounds in all, an integer from 1; default 2, and 1 of "weights", which makes no new rows. */
  readonly rounds?: number | undefined;
  /** Of "errors": human rows, path or items as `seeds`; of each label at least one. */
  readonly validation?: SeedSource | undefined;
  /** Model on whose vectors the student learns, as for `loadEmbedder`; default none: it learns on words. */
  readonly embedder?: string | undefined;
  /** Where its vectors are looked for and kept; default none. */
  readonly cache?: VectorCache | undefined;
  /** Stops the round that is made; the same call then goes on. */
  readonly signal?: AbortSignal | undefined;
  /** As that of `synthesizeTo`, with the number of the round. */
  readonly onProgress?: ((progress: Progress, round: number) => void) | undefined;
  /** Called before a round is begun or gone on with, with what it takes from those before. */
  readonly onRound?: ((round: RoundRecord) => void) | undefined;
  /** As that of `synthesizeTo`. */
  readonly onWait?: ((reason: string) => void) | undefined;
  /** The task as the person wrote it, for the manifests; plain JSON, default the task. */
  readonly written?: unknown;
}

/**
 * How many rounds there are to be.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with every option that is wrong, or contradicts the task.
 */
export function checkedRounds(options: RoundsOptions, { prompt, labels, seeds }: ResolvedSpec): number {
  const { policy, rounds = policy === "weights" ? 1 : 2, validation, embedder } = options;
  const issues: ConfigIssue[] = [];
  const add = (path: string, message: string) => issues.push({ path, message });
  const known = Object.keys(roundPolicies);
  if (!known.includes(policy)) add("policy", `Unknown policy ${show(policy)}${suggestion(String(policy), known)}`);
  if (!Number.isSafeInteger(rounds) || rounds < 1)
    add("rounds", `Expected an integer from 1, received ${show(rounds)}`);
  else if (policy === "weights" && rounds > 1)
    add("rounds", `Expected 1, since "weights" makes no new rows, received ${rounds}`);
  if (policy === "errors" && validation === undefined) {
    add("validation", 'Expected human rows, whose errors "errors" goes by, received none');
  }
  if (policy !== "errors" && validation !== undefined) {
    add("validation", `Expected the policy "errors" beside it, received ${show(policy)}: leave this out`);
  }
  if (policy === "self" && embedder !== undefined) {
    add("embedder", 'Expected none with "self", which asks no student: leave this out');
  }
  const shots = policy === "self" ? 2 : policy === "errors" || policy === "influence" ? 1 : 0;
  if (prompt.shots < shots) {
    add("prompt.shots", `Expected at least ${shots}, since "${policy}" chooses the examples, received ${prompt.shots}`);
  }
  if (policy === "self" && seeds === undefined)
    add("seeds", 'Expected examples by people, which "self" adds to, received none');
  if (policy !== "self" && labels.length < 2) {
    add(
      "labels",
      `Expected at least 2 labels, which the student of "${policy}" tells apart, received ${labels.length}`,
    );
  }
  if (issues.length > 0) throw new InvalidConfigError(issues);
  return rounds;
}

/** Refuses validation rows that lack a label of which rows are wanted: it would have no examples. */
export function checkValidation(validation: readonly GivenText[], { labels, count }: ResolvedSpec): void {
  const issues = labels.flatMap(({ name }, k): ConfigIssue[] => {
    if (count[k] === 0 || validation.some(({ label }) => label === name)) return [];
    return [{ path: pathText(["validation", name]), message: "Expected a human row of this label, received none" }];
  });
  if (issues.length > 0) throw new InvalidConfigError(issues);
}
