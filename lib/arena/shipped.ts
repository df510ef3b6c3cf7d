// The arms that ship with the package, as plain data: in TypeScript and not in YAML files, so that bundlers carry them along and
// nothing has to be found on a disk. Files of a user's own are YAML of the same form.
import type { ArmInput, ArmRounds } from "./arm.js";

const paper = "the paper's weights";
const arm = (name: string, why: string, fields: ArmInput["fields"], needs?: ArmInput["needs"]): ArmInput => {
  return { name, why, fields, ...(needs === undefined ? {} : { needs }) };
};
const method = (settings: object) => ({ method: settings });

/** Whom all are compared with. */
export const fewgen = arm(
  "fewgen",
  "the baseline: rows drawn one by one, without contrast",
  method({ name: "fewgen" }),
);
/** The task as it is. */
export const yours = arm("yours", "your task as it is", {});
const cooler = arm("fewgen-t0.7", "the baseline, cooler: fewer and safer words", {
  ...method({ name: "fewgen" }),
  sampling: { temperature: 0.7 },
});
const checked = arm(
  "fewgen-check",
  "the baseline, with rows dropped that a classifier of the seeds takes for another label",
  { ...method({ name: "fewgen" }), check: { by: "student" } },
  ["seeds"],
);

// Contrast that only adds: δ = 1, and γ pays for it.
const crossOf = (contrast: number) =>
  arm(`cross-${contrast}`, `contrast with rows of other labels, total ${contrast}, without heat`, {
    ...method({ name: "cross", contrast, heat: "none" }),
  });
const intraOf = (contrast: number) =>
  arm(`intra-${contrast}`, `contrast with rows of the same label, total ${contrast}, without heat`, {
    ...method({ name: "intra", contrast, heat: "none" }),
  });
const hybridOf = (contrast: number) =>
  arm(`hybrid-${contrast}`, `both halves, total ${contrast}, without heat`, {
    ...method({ name: "hybrid", intra: contrast / 2, cross: contrast / 2, heat: "none" }),
  });

const crossPaper = arm("cross-paper", `contrast with rows of other labels, ${paper}`, method({ name: "cross" }));
const intraPaper = arm("intra-paper", `contrast with rows of the same label, ${paper}`, method({ name: "intra" }));
const hybridPaper = arm("hybrid-paper", `both, ${paper}: 0.5 within a label, 0.1 across`, method({ name: "hybrid" }));

const hot = [1.3, 1.6].map((temperature) =>
  arm(`fewgen-t${temperature}`, `the baseline at temperature ${temperature}`, {
    ...method({ name: "fewgen" }),
    sampling: { temperature },
  }),
);
const matched = (["cross", "intra", "hybrid"] as const).map((name) =>
  arm(`matched-${name}`, `the baseline at the temperature that ${name}'s contrast amounts to where all rows agree`, {
    ...method({ name: "fewgen-matched", match: { name } }),
  }),
);
const crossDeltas = [0.8, 0.65, 0.5].map((delta) =>
  arm(`cross-delta-${delta}`, `Cross with δ ${delta}: smaller is more contrast`, method({ name: "cross", delta })),
);
const intraDeltas = [0.9, 0.75, 0.3].map((delta) =>
  arm(`intra-delta-${delta}`, `Intra with δ ${delta}: smaller is more contrast`, method({ name: "intra", delta })),
);
const hybridCross = [0.2, 0.3, 0.4].map((cross) =>
  arm(`hybrid-0.5-${cross}`, `Hybrid, 0.5 within a label and ${cross} across`, method({ name: "hybrid", cross })),
);
const cfg = ["cfg-cross", "cfg-intra", "cfg-hybrid", "cfg-prompt"].map((name) =>
  arm(name, "classifier-free guidance: contrast with prompts of others, continued with the row's own text", {
    ...method({ name }),
  }),
);
const alphaZero = arm("hybrid-alpha-0", "Hybrid without the limit on improbable tokens", {
  ...method({ name: "hybrid" }),
  sampling: { plausibility: 0 },
});
const zeroShot = [
  arm("fewgen-zero-shot", "the baseline without examples", {
    ...method({ name: "fewgen" }),
    prompt: { shots: 0 },
  }),
  arm("hybrid-zero-shot", "Hybrid without examples", {
    ...method({ name: "hybrid" }),
    prompt: { shots: 0 },
  }),
];

const totals = [0.25, 0.5, 1, 2];
const heatless = [
  fewgen,
  crossPaper,
  intraPaper,
  hybridPaper,
  ...totals.flatMap((total) => [crossOf(total), intraOf(total), hybridOf(total)]),
];

const ofPaper = [
  ...[fewgen, cooler, ...hot, ...matched],
  ...[crossPaper, ...crossDeltas, intraPaper, ...intraDeltas, hybridPaper, ...hybridCross],
  ...[...cfg, alphaZero, ...zeroShot],
];

const cross = { name: "cross", contrast: 0.5, heat: "none" } as const;
const checks = [
  checked,
  arm(
    "cross-0.5-check",
    "Cross 0.5 without heat, with the label check of the seeds",
    {
      ...{ method: cross, check: { by: "student" } },
    },
    ["seeds"],
  ),
  arm("fewgen-check-channel", "the baseline, with the teacher's own check: how probable the text is under each label", {
    ...{ ...method({ name: "fewgen" }), check: { by: "teacher", form: "channel" } },
  }),
  arm("fewgen-check-direct", "the baseline, with the teacher's own check: which label it would name", {
    ...{ ...method({ name: "fewgen" }), check: { by: "teacher", form: "direct" } },
  }),
];
const drawing = [
  arm("cross-0.5-kept", "Cross 0.5 without heat, ends decided before contrast and nucleus", {
    ...{ method: cross, sampling: { ends: "kept" } },
  }),
  arm("cross-2-first", "Cross 2 without heat, of the first token alone: nobody has said anything yet but the prompts", {
    ...{ method: { ...cross, contrast: 2 }, sampling: { contrastTokens: 1 } },
  }),
  arm("cross-0.5-warm-up", "Cross 0.5 without heat, the first three tokens drawn without contrast", {
    ...{ method: cross, sampling: { warmUp: 3 } },
  }),
];
const formats = [
  arm("fewgen-raw", "the baseline on raw text", { ...method({ name: "fewgen" }), prompt: { format: "raw" } }),
  arm("fewgen-chat", "the baseline in the model's chat template", {
    ...{ ...method({ name: "fewgen" }), prompt: { format: "chat" } },
  }),
  arm("cross-0.5-raw", "Cross 0.5 without heat on raw text", { method: cross, prompt: { format: "raw" } }),
  arm("cross-0.5-chat", "Cross 0.5 without heat in the model's chat template", {
    ...{ method: cross, prompt: { format: "chat" } },
  }),
];
const rivals = [
  arm("dola-low", "DoLa: the last layer against those of the lower half", method({ name: "dola", layers: "low" })),
  arm("dola-high", "DoLa: the last layer against those of the upper half", method({ name: "dola", layers: "high" })),
  arm("contrastive", "the teacher against a weaker model", method({ name: "contrastive" }), ["amateur"]),
  arm("guided", "a third of a second model mixed in", method({ name: "guided", weight: 0.3 }), ["guide"]),
  arm("taboo", "the baseline, told which words were used too often", {
    ...{ ...method({ name: "fewgen" }), prompt: { instruction: "{taboo} {task}" } },
  }),
  arm(
    "hint",
    "the baseline, each row with a word of a seed that it must use",
    {
      ...{ ...method({ name: "fewgen" }), prompt: { instruction: "{task} Use the word {hint}." } },
    },
    ["seeds"],
  ),
  arm("verbalized", "verbalized sampling: several texts with probabilities, of which one is drawn", {
    ...method({ name: "fewgen" }),
    prompt: {
      instruction:
        '{task} Write a JSON list of {texts} different ones, as objects with the fields "text" and "probability".',
      ...{ shots: 0, answer: "", verbalized: { texts: 5 } },
    },
    sampling: { maxTokens: 512, stop: [] },
  }),
];

const attributes = arm(
  "attributes",
  "AttrPrompt with attributes that any text has: length and manner are dealt to the rows",
  {
    ...method({ name: "fewgen" }),
    prompt: { instruction: "{task} Make it {length}, and {manner}.", shots: 0 },
    attributes: {
      length: ["very short", "one sentence long", "two or three sentences long"],
      manner: ["plain", "formal", "colloquial", "lively", "dry", "detailed"],
    },
  },
);
const inRounds = (
  [
    ["agree", "ReGen: rows dropped that a cross-fitted student takes for another label, and made up for"],
    ["influence", "ProGen: the rows that help a student most become the examples of the second round"],
    ["weights", "SunGen: each row with a weight by how much it helps"],
    ["self", "self-instruct: accepted rows join the examples of the second round", ["seeds"]],
  ] as const
).map(([policy, why, needs]): ArmInput => {
  const rounds: ArmRounds = { policy };
  return { ...arm(`rounds-${policy}`, `the baseline in rounds; ${why}`, method({ name: "fewgen" }), needs), rounds };
});

/** What `tune` tries beside the task as it is: strengths, and a check with and without contrast. */
export const tuneArms: readonly ArmInput[] = [fewgen, crossOf(0.5), crossOf(1), hybridOf(0.5), ...checks.slice(0, 2)];

/** The sets by name, each with FewGen, which the others are compared with. */
export const armSets = {
  quick: [fewgen, yours, cooler, checked, crossOf(0.5), hybridOf(0.5)],
  heatless,
  paper: ofPaper,
  all: [
    ...new Set([...heatless, yours, ...checks, ...drawing, ...formats, ...rivals, attributes, ...inRounds, ...ofPaper]),
  ],
} as const satisfies Record<string, readonly ArmInput[]>;

/** Name of a set of arms that ships with the package. */
export type ArmSet = keyof typeof armSets;
