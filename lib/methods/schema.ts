/** What a task file's `method:` may hold, with the refusals that need no labels. */
import { z } from "zod";
import { type Method, methodDefaults, totalContrast } from "./methods.js";

// 0.1 + 0.2 is not 0.3: sums that a person meant to be γ count as γ.
const ROUNDING = 1e-9;

const repeat = z.int().min(1).max(65536).describe("R: sequences of one label that are generated together");
const gamma = z.number().positive().max(1e6).describe("Exponent on a row's own distribution");
const delta = z.number().min(0).describe("0 to gamma; a row's total contrast is gamma - delta");
const share = z.number().min(0);

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

function deltaMethod<Name extends string>(name: Name, defaults: { repeat: number; gamma: number; delta: number }) {
  return z
    .strictObject({
      name: z.literal(name),
      repeat: repeat.default(defaults.repeat),
      gamma: gamma.default(defaults.gamma),
      delta: delta.default(defaults.delta),
    })
    .refine((method) => method.delta <= method.gamma, {
      path: ["delta"],
      when: ({ value }) => bothNumbers(value, "delta", "gamma"),
      error: ({ input }) => {
        const method = input as { gamma: number; delta: number };
        return `Expected "delta" between 0 and "gamma" (${method.gamma}), received ${method.delta}`;
      },
    });
}

function hybridMethod<Name extends string>(name: Name) {
  const defaults = methodDefaults.hybrid;
  return z
    .strictObject({
      name: z.literal(name),
      repeat: repeat.default(defaults.repeat),
      gamma: gamma.default(defaults.gamma),
      intra: share.describe("Total contrast with rows of the same label").default(defaults.intra),
      cross: share.describe("Total contrast with rows of other labels").default(defaults.cross),
    })
    .refine((method) => method.intra + method.cross <= method.gamma * (1 + ROUNDING), {
      path: ["intra"],
      when: ({ value }) => bothNumbers(value, "intra", "cross") && bothNumbers(value, "intra", "gamma"),
      error: ({ input }) => {
        const method = input as { gamma: number; intra: number; cross: number };
        return `Expected "intra" + "cross" of at most "gamma" (${method.gamma}), received ${method.intra} + ${method.cross}`;
      },
    });
}

function bothNumbers(value: unknown, first: string, second: string): boolean {
  const fields = value as Record<string, unknown>;
  return isNumber(fields[first]) && isNumber(fields[second]);
}

const fewgenSchema = z.strictObject({
  name: z.literal("fewgen"),
  repeat: repeat.default(methodDefaults.fewgen.repeat),
});

const matrixSchema = z
  .strictObject({
    name: z.literal("matrix"),
    repeat: repeat.default(methodDefaults.matrix.repeat),
    gamma: gamma.default(methodDefaults.matrix.gamma),
    weights: z.array(z.array(share)).min(1).describe("weights[m][n]: how strongly row m is contrasted with row n"),
  })
  .superRefine(({ weights, gamma }, context) => {
    for (const [m, row] of weights.entries()) {
      const refuse = (message: string) => context.addIssue({ code: "custom", path: ["weights", m], message });
      if (row.length !== weights.length) refuse(`Expected ${weights.length} weights (square), received ${row.length}`);
      if ((row[m] ?? 0) !== 0) refuse(`Expected 0 on the diagonal, received ${row[m]} at [${m}][${m}]`);
      const sum = row.reduce((total, weight) => total + weight, 0);
      if (sum > gamma * (1 + ROUNDING)) refuse(`Expected a row sum of at most "gamma" (${gamma}), received ${sum}`);
    }
  });

const matchable = [
  deltaMethod("cross", methodDefaults.cross),
  deltaMethod("intra", methodDefaults.intra),
  hybridMethod("hybrid"),
  deltaMethod("cfg-cross", methodDefaults.cross),
  deltaMethod("cfg-intra", methodDefaults.intra),
  hybridMethod("cfg-hybrid"),
  deltaMethod("context-aware", methodDefaults.contextAware),
] as const;

const fewgenMatchedSchema = z.strictObject({
  name: z.literal("fewgen-matched"),
  match: z
    .discriminatedUnion("name", matchable)
    .refine((match) => !contrastsAway(match), {
      error: "Expected a method that leaves some of the own distribution (delta above 0): its total contrast is gamma",
    })
    .describe("The method whose flattening is matched by a temperature"),
});

/** Every method that a task may name. */
export const methodSchema = z.discriminatedUnion("name", [
  fewgenSchema,
  fewgenMatchedSchema,
  matrixSchema,
  ...matchable,
]) satisfies z.ZodType<Method>;

/** True when the total contrast is γ, so that rows that agree are left with nothing of their own distribution. */
export function contrastsAway(method: Method): boolean {
  if (method.name === "fewgen" || method.name === "fewgen-matched") return false;
  return totalContrast(method) >= method.gamma * (1 - ROUNDING);
}
