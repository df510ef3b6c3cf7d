// The task that `corrsynth init` writes when nothing else is asked for, with its examples.
import { scalar, type Target } from "./task-yaml.js";

// Runs as it is, with the teacher that ships with the package.
const task = `# corrsynth task: short dictionary definitions, to start from
# What it costs: corrsynth plan FILE      What it looks like: corrsynth preview FILE
# Then:          corrsynth run FILE --out DIR

# "demo" is the small model that ships with corrsynth; put the path of a GGUF model here for real work.
teacher: demo

# Name in the data: phrase that {label} stands for in the prompt.
labels:
  animal: an animal
  artifact: a man-made object
  food: a food
  plant: a plant

# A prompt is "shots" blocks of instruction, answer and example, then instruction and answer once more.
prompt:
  instruction: Definition of {label}
  answer: ":"
  shots: 3
  separator: "\\n"          # between the blocks; a blank line unless you say otherwise

# In-context examples, one JSON object a line: {"text": "...", "label": "..."}
seeds: seeds.jsonl

# fewgen, cross, intra, hybrid, matrix, cfg-cross, cfg-intra, cfg-hybrid, cfg-prompt,
# context-aware or fewgen-matched
method:
  name: cross
  contrast: 0.5            # in total, with the rows of the other labels
  heat: none               # what sets a label apart is sharpened; "paper" flattens what all labels share instead

# Accepted rows, balanced over the labels; or a number for each: { animal: 50, plant: 20, ... }
count: 100

sampling:
  topP: 0.9
  plausibility: 1.0e-3     # tokens less likely than this, relative to the best one, are never drawn
  temperature: 1
  maxTokens: 48
  stop: ["\\n"]
  seed: 7                  # the same seed and task give the same rows
`;

/** The task, for a model of one's own where one is named. */
export function starterTask(target?: Target): string {
  if (target === undefined) return task;
  const own = task
    .replace(
      /^# "demo" is .*\nteacher: demo$/m,
      `# Path of a GGUF model, from this file's folder.\nteacher: ${scalar(target.teacher)}`,
    )
    .replace(
      /^ {2}instruction: .*$/m,
      "  instruction: Write a short dictionary definition of {label}. Only the definition, without the word itself.",
    );
  if (target.format === "raw") return own;
  return own
    .replace(/^ {2}answer: .*\n/m, "  format: chat             # the model's own chat template\n")
    .replace(/^ {2}separator: .*\n/m, "");
}

// Our own, so that a copy of them owes nobody a notice.
export const starterSeeds = Object.entries({
  animal: [
    "small striped fish of shallow tropical reefs",
    "large grey bird that nests on sea cliffs",
    "burrowing mammal with strong claws and poor sight",
    "slender green lizard common in old walls",
    "beetle whose young feed on the roots of grass",
    "wild sheep of high mountain pastures",
  ],
  artifact: [
    "a narrow shelf for keeping spices near a stove",
    "a short saw for cutting branches",
    "a covered cart drawn by two horses",
    "a lamp that hangs from a ceiling by a chain",
    "a metal pin that holds a wheel on its axle",
    "a waterproof coat worn by sailors",
  ],
  food: [
    "flat bread baked on a hot stone",
    "thick soup of beans and smoked meat",
    "soft white cheese made from the milk of sheep",
    "sweet pastry filled with ground nuts",
    "sauce of tomatoes and onions served with rice",
    "thin slices of dried and salted fish",
  ],
  plant: [
    "tall grass of wet meadows with purple flower heads",
    "evergreen shrub grown as a hedge",
    "climbing vine with small white flowers",
    "tree of dry hills whose bark yields a brown dye",
    "low herb with hairy leaves and a smell of lemon",
    "fern that grows on shaded rocks",
  ],
}).flatMap(([label, texts]) => texts.map((text) => ({ label, text })));

/** Names of its labels, in order. */
export const starterLabels: readonly string[] = [...new Set(starterSeeds.map(({ label }) => label))];
