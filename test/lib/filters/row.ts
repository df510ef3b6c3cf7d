/** What the tests of filters share: rows, and acceptances of small tasks. */
import { Acceptance, rowFilters, type Verdict } from "../../../lib/filters/acceptance.js";
import type { Instance } from "../../../lib/instance.js";
import { type FilterInput, resolveSpec } from "../../../lib/task/spec.js";

export function row(text: string, fields: Partial<Instance> = {}): Instance {
  return {
    id: "0.0",
    text,
    label: "animal",
    group: 0,
    repeat: 0,
    examples: [],
    tokens: 12,
    ending: "stop",
    seed: 7,
    ...fields,
  };
}

export interface TaskParts {
  readonly prompt?: { instruction: string; answer?: string; separator?: string };
  readonly labels?: Readonly<Record<string, string>>;
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
}

/** A task of two labels with these filters. */
export function specOf(filters: FilterInput | false, parts: TaskParts = {}) {
  const { prompt = { instruction: "Definition of {label}", answer: ":" }, ...rest } = parts;
  const labels = { animal: "an animal", plant: "a plant" };
  return resolveSpec({ labels, count: 10, ...rest, prompt: { shots: 0, ...prompt }, filters });
}

export function acceptanceOf(
  filters: FilterInput | false,
  { seeds = [], contexts = [] }: { seeds?: readonly string[]; contexts?: readonly string[] } = {},
) {
  const spec = specOf(filters);
  const verdictOn = rowFilters(spec, { seeds: new Set(seeds), contexts: new Set(contexts) }, []);
  const acceptance = new Acceptance(spec.filters);
  return {
    judge: (given: Instance): Verdict => {
      const verdict = verdictOn(given);
      const reason = "row" in verdict ? acceptance.repeated(verdict.row) : undefined;
      return reason === undefined ? verdict : { reason };
    },
    ask: (given: readonly Instance[]) => acceptance.ask(given),
    remember: (given: Instance) => acceptance.remember(given),
  };
}

/** What becomes of texts that come one after another: a reason, or the text as it is accepted. */
export function outcomes(acceptance: ReturnType<typeof acceptanceOf>, texts: readonly (string | Instance)[]): string[] {
  return texts.map((text) => {
    const verdict = acceptance.judge(typeof text === "string" ? row(text) : text);
    if ("reason" in verdict) return verdict.reason;
    acceptance.remember(verdict.row);
    return verdict.row.text;
  });
}
