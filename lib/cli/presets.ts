// The task files that `corrsynth init` writes: the paper's data sets, and others that everybody knows. Label names are
// those of the public data sets; what is the paper's and what is ours is said in the comments of each.
import { bankingLabels } from "./banking-labels.js";
import { starterLabels, starterSeeds, starterTask } from "./starter.js";
import { type Target, type TaskParts, taskYaml } from "./task-yaml.js";

/** A task file, and what goes with it. */
export interface Preset {
  /** @param target  default a base model whose path is to be filled in. */
  readonly task: (target?: Target) => string;
  /** Names of the labels, in order. */
  readonly labels: readonly string[];
  /** Lines of seeds.jsonl, where we have any. */
  readonly seeds?: readonly { readonly label: string; readonly text: string }[];
  /** Other spellings of the label names in files of the same data set, small letters and digits alone. */
  readonly spellings: Readonly<Record<string, string>>;
}

type DataSet = Pick<TaskParts, "title" | "wording" | "labels" | "instruction" | "answer" | "maxTokens" | "stop"> & {
  /** Of the paper. */
  readonly seedsPerLabel?: number;
  readonly spellings?: Readonly<Record<string, string>>;
};

const unknown: Target = { teacher: "teacher.gguf", format: "raw" };

const paperMethod = `# The paper's Hybrid (eqs. 11, 12): 2 rows per label side by side, each contrasted with the other of its label and with
# all of the other labels. Its Cross is { name: cross, repeat: 1, delta: 0.9 }, its Intra { name: intra, repeat: 2, delta: 0.5 }.
# To see what the coupling is worth, run the same task with:
#   method: { name: fewgen-matched, match: { name: hybrid, repeat: 2, intra: 0.5, cross: 0.1 } }
method: { name: hybrid, repeat: 2, gamma: 1, intra: 0.5, cross: 0.1 }`;

// On models of 0.1 to 1.5 billion parameters the paper's weights made labels wrong; on TREC and AG News, two seeds each, this
// made more of them right than FewGen.
export const sharperMethod = `# What sets a label apart is sharpened, and nothing is heated: small models lose the label under the paper's
# { name: hybrid, intra: 0.5, cross: 0.1 }.
method: { name: cross, contrast: 0.5, heat: none }`;

function preset(
  { seedsPerLabel, spellings = {}, ...data }: DataSet,
  rest: Pick<TaskParts, "method" | "count" | "ends">,
): Preset {
  const fixed = { ...rest, shots: 3, maxTokensNote: "ours" };
  const seedsNote = seedsPerLabel === undefined ? "" : `The paper uses ${seedsPerLabel} real texts per label.`;
  const labels = data.labels.map(([name]) => name);
  return { labels, spellings, task: (target = unknown) => taskYaml({ ...data, ...fixed, ...target, seedsNote }) };
}

// What the data sets of the paper have in common (section 5.2).
const paper = { method: paperMethod, count: 6000, ends: "contrasted" } as const;
const ours = { method: sharperMethod, count: 600 };

const reviewLimits =
  "The review should only be a single short sentence, or a single paragraph of 3 to 4 sentences. Add very minor typos.";
const polarity = { negative: "neg", positive: "pos", "0": "neg", "1": "pos" };

/** By name; "starter" is what `init` writes when no preset is asked for. */
export const presets = {
  starter: { task: starterTask, labels: starterLabels, seeds: starterSeeds, spellings: {} },
  "ag-news": preset(
    {
      title: "AG News, summaries of news in 4 topics",
      wording: "Instruction and phrases are the paper's.",
      labels: [
        [
          "World",
          "international news, such as politics, diplomacy, conflicts, global events, international relations, human rights issues, and significant global trends",
        ],
        [
          "Sports",
          "coverage of professional sports leagues, major tournaments, athletes, teams, match results, player transfers, coaching changes, sports-related controversies",
        ],
        [
          "Business",
          "companies, industries, markets, trade, investments, entrepreneurship, economic policies, and other business-related developments",
        ],
        ["Sci/Tech", "scientific discoveries, technological advancements, innovations, research breakthroughs"],
      ],
      instruction:
        "Write a summary for a news article about {label}. The summary should be one or two short sentences.",
      answer: "Summary:",
      seedsPerLabel: 50,
      maxTokens: 160,
      stop: ["\n\n"],
      spellings: {
        ...{
          sciencetechnology: "Sci/Tech",
          scienceandtechnology: "Sci/Tech",
          scitech: "Sci/Tech",
          technology: "Sci/Tech",
        },
        ...{ "0": "World", "1": "Sports", "2": "Business", "3": "Sci/Tech" },
      },
    },
    paper,
  ),
  "toi-headlines": preset(
    {
      title: "Times of India, headlines of news in 10 topics",
      wording: "Instruction and phrases are the paper's.",
      labels: [
        ["business", "business-related developments in India"],
        ["city", "ongoing matters in any Indian city"],
        ["education", "Indian examinations and education"],
        ["elections", "elections and politics in India"],
        ["entertainment", "the Indian entertainment industry"],
        ["environment", "environment-related events in Indian cities"],
        ["life-style", "health and lifestyle trends in India"],
        ["sports", "sports in India"],
        ["tech", "technology news and the tech industry in India"],
        ["world", "international news and events outside of India"],
      ],
      instruction: "Write a headline for a news article about {label}. The headline should be a single sentence.",
      answer: "Headline:",
      seedsPerLabel: 50,
      maxTokens: 48,
      stop: ["\n"],
      spellings: { technology: "tech" },
    },
    paper,
  ),
  humor: preset(
    {
      title: "Humor, humorous and serious questions about products",
      wording: "Instruction and phrases are the paper's.",
      labels: [
        ["humorous", "humorous"],
        ["non_humorous", "solemn"],
      ],
      instruction: "Write a short {label} question about a product on Amazon. Only include the question.",
      answer: "Product Question:",
      seedsPerLabel: 100,
      maxTokens: 80,
      stop: ["\n"],
      spellings: { "1": "humorous", "0": "non_humorous", serious: "non_humorous" },
    },
    paper,
  ),
  imdb: preset(
    {
      title: "IMDb, positive and negative reviews of movies",
      wording: "The limits in the instruction are the paper's, the rest is ours.",
      labels: [
        ["neg", "what the reviewer disliked about the movie"],
        ["pos", "what the reviewer liked about the movie"],
      ],
      instruction: `Write a review which discusses {label}. Include relevant details about the movie. ${reviewLimits}`,
      answer: "Review:",
      seedsPerLabel: 100,
      maxTokens: 200,
      stop: ["\n\n"],
      spellings: polarity,
    },
    paper,
  ),
  sentiment: preset(
    {
      title: "sentiment, sentences of positive and negative movie reviews (Rotten Tomatoes, SST-2)",
      wording: "The phrases and the instruction are ours.",
      labels: [
        ["neg", "negative: the reviewer did not like the movie"],
        ["pos", "positive: the reviewer liked the movie"],
      ],
      instruction: "Write one sentence from a review of a movie. The review is {label}. Only the sentence.",
      answer: "Review:",
      maxTokens: 64,
      stop: ["\n"],
      spellings: polarity,
    },
    ours,
  ),
  trec: preset(
    {
      title: "TREC, questions by the kind of their answer",
      wording: "The phrases and the instruction are ours.",
      labels: [
        ["ABBR", "what an abbreviation stands for"],
        ["ENTY", "a thing, such as an animal, a product, a book or a language"],
        ["DESC", "a definition, a reason or a description of something"],
        ["HUM", "a person or a group of people"],
        ["LOC", "a place, such as a city, a country or a mountain"],
        ["NUM", "a number, a date or an amount"],
      ],
      instruction: "Write one short factual question whose answer is {label}. Only the question, without its answer.",
      answer: "Question:",
      maxTokens: 40,
      stop: ["\n"],
      spellings: {
        ...{ abbreviation: "ABBR", entity: "ENTY", description: "DESC", human: "HUM", location: "LOC" },
        ...{ number: "NUM", numeric: "NUM", num: "NUM" },
        ...{ "0": "ABBR", "1": "ENTY", "2": "DESC", "3": "HUM", "4": "LOC", "5": "NUM" },
      },
    },
    ours,
  ),
  banking77: preset(
    {
      title: "Banking77, questions of a bank's customers by what they want",
      wording: "The phrases and the instruction are ours; leave out the labels that you do not need.",
      labels: bankingLabels,
      instruction:
        "Write one short message of a customer to the support of an online bank. It is about {label}. Only the message.",
      answer: "Message:",
      maxTokens: 64,
      stop: ["\n"],
    },
    // a group has a row of each label: 77 of them side by side, twice that with repeat 2
    {
      method:
        "# A row of each label side by side, each contrasted with all others.\nmethod: { name: cross, repeat: 1, gamma: 1, delta: 0.95 }",
      count: 770,
    },
  ),
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;

/**
 * The label of a preset that a name in a file stands for: in any case and with any separators, by its usual other
 * spelling, or by its number in the public data set; undefined for others.
 */
export function presetLabel({ labels, spellings }: Preset, name: string): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return labels.find((label) => plain(label) === plain(name)) ?? spellings[plain(name)];
}
