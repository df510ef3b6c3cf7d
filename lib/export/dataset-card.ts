// README.md of a Hugging Face dataset: what machines read of it, and for people how it was made and what it is not.
import { type LabelTally, reasonCounts } from "../run/ledger.js";
import { cardFeatures, type FileColumn } from "./columns.js";
import { codeBlock, markdownTable, markdownText, yamlText } from "./markdown.js";

/** A figure of an evaluation, as plain text. */
export interface CardFigure {
  readonly name: string;
  /** The number as it is to be shown, with its unit. */
  readonly value: string;
  /** What it stands on or depends on, such as "200 rows". */
  readonly of: string;
}

/** What the person who exports says of the dataset; nothing else is made up. */
export interface CardOptions {
  /** Default the name of the directory. */
  readonly name?: string | undefined;
  /** Language codes such as "en"; default none, and the card has none. */
  readonly languages?: readonly string[] | undefined;
  /** Licence identifier such as "cc-by-4.0"; default none, and the card has none. */
  readonly license?: string | undefined;
  /** Default none. */
  readonly figures?: readonly CardFigure[] | undefined;
}

/** A fact's name and its value, both plain text. */
export type Fact = readonly [name: string, value: string];

export interface CardSplit {
  readonly name: string;
  readonly rows: number;
  /** Of its rows in memory, as Arrow has them. */
  readonly bytes: number;
  /** Of each label, in label order. */
  readonly perLabel: readonly number[];
}

/** Everything that a card says. Texts are plain and may hold anything. */
export interface CardContent extends CardOptions {
  readonly name: string;
  readonly columns: readonly FileColumn[];
  readonly labels: readonly string[];
  readonly tallies: readonly LabelTally[];
  readonly splits: readonly CardSplit[];
  /** Bytes of the data files. */
  readonly bytes: number;
  readonly facts: readonly Fact[];
  /** The task file's fields. */
  readonly task: unknown;
  /** Command lines that make the dataset again. */
  readonly commands: readonly string[];
  /** A text for each label that has one. */
  readonly samples: readonly (readonly [label: string, text: string])[];
  /** A person decided about some of the rows; whether about all, nobody knows. */
  readonly isReviewed: boolean;
  /** A label check judged its rows. */
  readonly isChecked: boolean;
  /** Remarks on the state of the run or the split. */
  readonly notes: readonly string[];
}

/** The card as Markdown with YAML front matter. */
export function datasetCard(content: CardContent): string {
  return `---\n${yamlText(frontMatter(content))}---\n\n${sections(content).join("\n")}`;
}

function frontMatter({ name, languages, license, columns, labels, splits, bytes }: CardContent): object {
  const rows = splits.reduce((sum, split) => sum + split.rows, 0);
  return {
    pretty_name: name,
    ...(languages === undefined || languages.length === 0 ? {} : { language: languages }),
    ...(license === undefined ? {} : { license }),
    task_categories: ["text-classification"],
    size_categories: [sizeCategory(rows)],
    tags: ["synthetic", "corrsynth"],
    dataset_info: {
      features: cardFeatures(columns, labels),
      // `datasets` takes the sizes only where all of them are there
      splits: splits.map((split) => ({ name: split.name, num_bytes: split.bytes, num_examples: split.rows })),
      download_size: bytes,
      dataset_size: splits.reduce((sum, split) => sum + split.bytes, 0),
    },
    configs: [
      {
        config_name: "default",
        data_files: splits.map((split) => ({ split: split.name, path: `data/${split.name}-*` })),
      },
    ],
  };
}

/** The Hub's name for a number of rows. */
function sizeCategory(rows: number): string {
  const bounds = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];
  const names = ["1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T"];
  const above = bounds.findIndex((bound) => rows < bound);
  if (above === 0) return "n<1K";
  return above < 0 ? "n>1T" : `${names[above - 1]}<n<${names[above]}`;
}

const byWhom = (which: string, isReviewed: boolean) =>
  isReviewed
    ? `A person has reviewed some of ${which}, and may have edited them`
    : `No person wrote or reviewed ${which}`;

function sections(content: CardContent): string[] {
  const { name, facts, task, commands, figures = [], notes, samples, isReviewed, isChecked } = content;
  const hasSeeds = content.columns.some(({ name }) => name === "origin");
  const said = notes.map((note) => `- ${markdownText(note)}\n`).join("");
  return [
    `# ${markdownText(name)}\n`,
    `Labelled texts for text classification, ${hasSeeds ? "generated" : "all of them generated"} by a language model with ` +
      "[CorrSynth](https://arxiv.org/abs/2411.08553), correlated sampling" +
      (hasSeeds ? ', but for rows whose "origin" is "seed": the examples that its prompts were made of. ' : ". ") +
      `${byWhom(hasSeeds ? "the others" : "them", isReviewed)}.\n`,
    ...(said === "" ? [] : [said]),
    `## Rows\n\n${rowTable(content)}`,
    ...(samples.length === 0
      ? []
      : [
          `The first text of each label, of at most 20:\n\n` +
            markdownTable(["label", "text"], samples.map(sampleCells)),
        ]),
    `## How it was made\n\n${markdownTable(["", ""], facts.map(cells))}`,
    `To make it again, with the task below as task\\.yaml:\n\n${codeBlock("sh", commands.join("\n"))}`,
    codeBlock("yaml", yamlText(task)),
    ...(figures.length === 0
      ? []
      : [
          "## Evaluation\n\nOf all rows, before any split, by `corrsynth evaluate`. " +
            "Scores compare only where they stand on the same.\n\n" +
            markdownTable(
              ["figure", "value", "of"],
              figures.map((figure) => [figure.name, figure.value, figure.of].map(markdownText)),
            ),
        ]),
    `## Limits\n\n${limits(isReviewed, isChecked)}`,
  ];
}

const limits = (
  isReviewed: boolean,
  isChecked: boolean,
) => `- A language model generated the texts, and ${isReviewed ? "a person has reviewed some of them" : "nobody has reviewed them"}: \
they can be wrong, offensive or biased.
- A text's label is what the model was asked for${isReviewed ? ", or what a person made of it" : ""}. \
${isChecked ? "A classifier of the examples, or the model itself, took the text for it, too. " : ""}\
Whether the text deserves it was ${isReviewed ? "checked by a person where one looked" : "not checked by a person"}.
- Texts can repeat what the model was trained on, or its in-context examples, names of real people included.
- Terms of the model and of the examples may bind this dataset, too.
`;

function rowTable({ labels, tallies, splits }: CardContent): string {
  const total = (perLabel: readonly number[]) => perLabel.reduce((sum, n) => sum + n, 0);
  const hasValidation = splits.length > 1;
  const rows = labels.map((label, l) => {
    const { surplus, rejected } = tallies[l]!;
    const counts = splits.map(({ perLabel }) => perLabel[l]!);
    const share = total(counts) === 0 ? "" : String(Number((counts.at(-1)! / total(counts)).toFixed(3)));
    return [
      markdownText(label),
      ...counts.map(String),
      ...(hasValidation ? [share] : []),
      String(surplus),
      markdownText(reasonCounts(rejected) || "0"),
    ];
  });
  const heads = [
    "label",
    ...splits.map((split) => split.name),
    ...(hasValidation ? ["share that validates"] : []),
    "surplus",
    "rejected",
  ];
  const note =
    "Surplus texts were generated when their label was full already; " +
    "rejected ones were refused, for the reasons given.";
  return `${markdownTable(heads, rows)}\n${note}\n`;
}

const cells = ([name, value]: Fact): string[] => [markdownText(name), markdownText(value)];

function sampleCells([label, text]: readonly [string, string]): string[] {
  const characters = [...text];
  const shown = characters.length > 200 ? `${characters.slice(0, 199).join("")}…` : text;
  return [markdownText(label), markdownText(shown)];
}
