// The task files that `corrsynth init` writes. What is the paper's and what is ours is said in the comments of each.

/** A task file, and the examples that go with it where we have any. */
export interface Preset {
  readonly task: string;
  /** Lines of seeds.jsonl. */
  readonly seeds?: readonly { readonly label: string; readonly text: string }[];
}

interface Parts {
  readonly title: string;
  readonly labels: string;
  readonly instruction: string;
  readonly answer: string;
  readonly seedsPerLabel: number;
  readonly maxTokens: number;
  /** As YAML. */
  readonly stop: string;
  readonly wording: string;
}

// What the four data sets of the paper have in common (section 5.2).
function paperTask(parts: Parts): string {
  return `# corrsynth task: ${parts.title}
# What it costs: corrsynth plan FILE      What it looks like: corrsynth preview FILE
# Then:          corrsynth run FILE --out DIR

# Path of a GGUF model, from this file's folder. Base models follow this prompt best; it is completed, not answered.
teacher: teacher.gguf

# Name in the data: phrase that {label} stands for. ${parts.wording}
labels:
${parts.labels}
prompt:
  instruction: ${parts.instruction}
  answer: ${parts.answer}
  shots: 3                 # in-context examples per prompt, as in the paper

# In-context examples, one JSON object a line: {"text": "...", "label": "..."}. The paper uses ${parts.seedsPerLabel} real texts per label.
seeds: seeds.jsonl

# The paper's Hybrid (eqs. 11, 12): 2 rows per label side by side, each contrasted with the other of its label and with
# all of the other labels. Its Cross is { name: cross, repeat: 1, delta: 0.9 }, its Intra { name: intra, repeat: 2, delta: 0.5 }.
# To see what the coupling is worth, run the same task with:
#   method: { name: fewgen-matched, match: { name: hybrid, repeat: 2, intra: 0.5, cross: 0.1 } }
method: { name: hybrid, repeat: 2, gamma: 1, intra: 0.5, cross: 0.1 }

# Accepted rows over all labels; the paper's comparisons have 6000.
count: 6000

sampling:
  topP: 0.9                # the paper's
  plausibility: 1.0e-3     # the paper's alpha (eqs. 14, 15)
  maxTokens: ${String(parts.maxTokens).padEnd(13)} # ours
  stop: ${parts.stop.padEnd(18)} # ours: a base model would go on with a block of its own
  seed: 7
`;
}

const agNews = paperTask({
  title: "AG News, summaries of news in 4 topics",
  wording: "The phrases are ours.",
  labels: `  business: business
  sci-tech: science and technology
  sports: sports
  world: world events
`,
  instruction: `>-
    Write a summary for a news article about {label}. The summary should be one or two short sentences.`,
  answer: '"Summary:"',
  seedsPerLabel: 50,
  maxTokens: 160,
  stop: '["\\n\\n"]',
});

const toiHeadlines = paperTask({
  title: "Times of India, headlines of news in 10 topics",
  wording: "The phrases and the instruction are ours.",
  labels: `  business: business
  city: city life
  education: education
  elections: elections
  entertainment: entertainment
  environment: the environment
  lifestyle: lifestyle and health
  sports: sports
  tech: technology
  world: world events
`,
  instruction:
    ">-\n    Write a headline for an Indian news article about {label}. The headline should be a single sentence.",
  answer: '"Headline:"',
  seedsPerLabel: 50,
  maxTokens: 48,
  stop: '["\\n"]',
});

const humor = paperTask({
  title: "Humor, humorous and serious questions about products",
  wording: "The phrases and the instruction are ours.",
  labels: `  humorous: humorous
  serious: serious
`,
  instruction: ">-\n    Write a short {label} question about a product sold online. Include only the question.",
  answer: '"Question:"',
  seedsPerLabel: 100,
  maxTokens: 80,
  stop: '["\\n"]',
});

const imdb = paperTask({
  title: "IMDb, positive and negative reviews of movies",
  wording: "The phrases and the instruction are ours.",
  labels: `  positive: what the reviewer liked about the movie
  negative: what the reviewer disliked about the movie
`,
  instruction: `>-
    Write a review of a movie that discusses {label}. Include relevant details about the movie. The review should be a
    single paragraph of at most four sentences.`,
  answer: '"Review:"',
  seedsPerLabel: 100,
  maxTokens: 200,
  stop: '["\\n\\n"]',
});

// Runs as it is, with the teacher that ships with the package.
const starter = `# corrsynth task: short dictionary definitions, to start from
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

# fewgen, cross, intra, hybrid, matrix, cfg-cross, cfg-intra, cfg-hybrid, context-aware or fewgen-matched
method:
  name: hybrid
  repeat: 2                # rows of each label that are generated together
  intra: 0.5               # total contrast with the rows of the same label
  cross: 0.1               # total contrast with the rows of the other labels

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

// Our own, so that a copy of them owes nobody a notice.
const starterSeeds = Object.entries({
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

/** By name; "starter" is what `init` writes when no preset is asked for. */
export const presets = {
  starter: { task: starter, seeds: starterSeeds },
  "ag-news": { task: agNews },
  "toi-headlines": { task: toiHeadlines },
  humor: { task: humor },
  imdb: { task: imdb },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;
