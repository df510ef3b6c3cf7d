// What an evaluation takes: rows, and options.
import type { LabelledText } from "../students/student.js";
import type { Embedder } from "./embedder.js";
import type { CartographyFigures } from "./evaluation.js";
import type { Seed } from "./evaluation-input.js";
import type { NamedLabel } from "./label-words.js";
import type { EntityRecogniser } from "./recognisers.js";
import type { StudentFigures } from "./student-figures.js";
import type { Tokenizer } from "./tokenize.js";

/** A generated row. */
export interface EvaluationRow extends LabelledText {
  /** How many rows it counts for when students learn, a number from 0; default 1. */
  readonly weight?: number | undefined;
  /** From a run with `sampling.contrastNorms`: the norm of the contrast at each token, from 0. */
  readonly contrastNorms?: readonly number[] | undefined;
}

/** How far an evaluation is. */
export interface EvaluationProgress {
  /** What is being done, e.g. "MAUVE". */
  readonly stage: string;
  /** Share of the stage that is done, 0..1. */
  readonly share: number;
}

/** What an evaluation takes besides the rows. */
export interface EvaluateOptions {
  /** Human rows that took no part in the synthesis; without, the figures that need them are missing. */
  readonly gold?: readonly LabelledText[] | undefined;
  /**
   * Human rows beside those of `gold`, to train students on: what the rows are measured by, and who judges their labels.
   * Those whose text is one of gold's are left out; of more than 5,000 so many are drawn.
   */
  readonly goldTrain?: readonly LabelledText[] | undefined;
  /**
   * All labels that the dataset was to have, perhaps with what prompts call them; default those of its rows, by their
   * names.
   */
  readonly labels?: readonly (string | NamedLabel)[] | undefined;
  /** Leaves out rows of `gold` and `goldTrain` of other labels, and counts them, instead of refusing them; default false. */
  readonly skipUnknownLabels?: boolean | undefined;
  /** The in-context examples, to look for copies of them. */
  readonly seeds?: readonly Seed[] | undefined;
  /** For MAUVE, the heat map, the 2-D map and logistic students, which are missing without. */
  readonly embedder?: Embedder | undefined;
  /** For the heat map and the 2-D map alone; default `embedder`. */
  readonly mapEmbedder?: Embedder | undefined;
  /**
   * Whether students read the embedder's vectors, for which seeds and gold are embedded, too; default true where there
   * is an embedder.
   */
  readonly embedStudents?: boolean | undefined;
  /** For entity entropy, which is missing without. */
  readonly recogniser?: EntityRecogniser | undefined;
  /** Default wink-nlp, which reads on the thread that computes; one that is given reads on the thread that called. */
  readonly tokenizer?: Tokenizer | undefined;
  /** What a student that was trained elsewhere came to. */
  readonly ownStudent?: (StudentFigures & { readonly cartography: CartographyFigures | null }) | undefined;
  /** Rows of the dataset and of gold that are compared, at most {@link comparableRows}; default that. */
  readonly sampleSize?: number | undefined;
  /** Draws these rows in the proportions of gold's labels; default false. */
  readonly matchLabels?: boolean | undefined;
  /** Most rows on the 2-D map, an integer from 0; default 4000. Its time grows with their square. */
  readonly mapRows?: number | undefined;
  /**
   * Most rows of gold that are embedded to test students on, and most of `goldTrain` to train them on, an integer from 1;
   * default {@link usualGoldRowsOf} these rows. They are drawn by `seed`, in the proportions of their labels. MAUVE reads as
   * many rows of gold as of the dataset, see `sampleSize`.
   */
  readonly goldRows?: number | undefined;
  /** Of all that is drawn, an integer 0..2^53 − 1; default 0. */
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called as stages begin and get on. */
  readonly onProgress?: ((progress: EvaluationProgress) => void) | undefined;
}
