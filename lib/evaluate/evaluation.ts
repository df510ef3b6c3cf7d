// What an evaluation comes to: plain JSON, every score beside the number of texts that it stands on.
import type { CopyPair } from "../near/copies.js";
import type { DuplicatePair } from "../near/duplicates.js";
import type { Diversity } from "./diversity.js";
import type { LabelCosine } from "./label-cosine.js";
import type { LengthDistance, LengthDistribution } from "./lengths.js";
import type { OrMissing } from "./or-missing.js";
import type { LabelFidelity, StudentFigures, Yardsticks } from "./student-figures.js";

/** A set of rows as it was read. */
export interface RowCounts {
  /** Rows that were evaluated. */
  readonly n: number;
  /** Rows left out since their text is blank. */
  readonly blank: number;
  /** Rows left out since the dataset does not know their label. */
  readonly unknownLabel: number;
  /** Evaluated rows of each label, labels sorted. */
  readonly labels: Readonly<Record<string, number>>;
}

/** How many texts were copied from others; positions are those of {@link Evaluation}. */
export interface CopyFigures {
  /** Texts that were looked up, and the sources they were looked up in. */
  readonly n: number;
  readonly sources: number;
  /** Shares of the texts, 0..1; null without texts. */
  readonly exactRate: number | null;
  readonly nearRate: number | null;
  readonly near: number;
  /** Those, and the ones made from a source: reworded, shortened, continued. */
  readonly copiedRate: number | null;
  readonly copied: number;
  /** The nearest, at most 100; `source` is a position in the list of sources. */
  readonly pairs: readonly (CopyPair & { readonly sourceText: string })[];
}

/** The data map, one number a row. */
export interface CartographyFigures {
  readonly student: string;
  readonly n: number;
  readonly confidence: readonly number[];
  readonly variability: readonly number[];
  readonly correctness: readonly number[];
}

/** MAUVE of an evaluation, with what it depends on. */
export interface MauveFigures {
  /** 0..1; the papers print 100 times that. */
  readonly score: number;
  /** The embedder. */
  readonly features: string;
  /** Texts of each of the two sets. */
  readonly n: number;
  readonly scaling: number;
  readonly buckets: number;
  readonly components: number;
  readonly curve: readonly (readonly [x: number, y: number])[];
}

/** In how many texts a word of their own label stands, from which a student learns nothing else. */
export interface LabelWordFigures {
  /** Rows of all labels that have words of their own. */
  readonly n: number;
  /** Share of them that hold such a word, 0..1. */
  readonly share: number;
  /** The same of gold, or without gold of the seeds; null without either. */
  readonly beside: { readonly of: "gold" | "seeds"; readonly n: number; readonly share: number } | null;
  /** Labels with words of their own that have rows, sorted. */
  readonly labels: readonly {
    readonly label: string;
    /** What its verbalization alone says, such as "sports" of "a sports article" beside "a business article". */
    readonly words: readonly string[];
    readonly n: number;
    readonly share: number;
    /** Null where gold or the seeds have no row of the label. */
    readonly beside: number | null;
  }[];
}

/**
 * Everything about one dataset. Positions of rows count the rows that are not blank, in their order: those of
 * {@link evaluatedRows}.
 */
export interface Evaluation {
  readonly format: 1;
  /** Of all that was drawn. */
  readonly seed: number;
  readonly tokenizer: string;
  /** How words are found that have letters which English lacks; null where no text has such letters. */
  readonly wordRule: string | null;
  readonly rows: RowCounts;
  /** Null where no gold was given, as is whatever needs it. */
  readonly gold: RowCounts | null;
  /**
   * Rows that were embedded, of gold those of `sample` and those that students of vectors are tested on; null without an
   * embedder, and for what was not given.
   */
  readonly embedded: {
    readonly rows: number;
    readonly gold: number | null;
    readonly seeds: number | null;
    readonly goldTrain: number | null;
  } | null;
  /** All rows. */
  readonly diversity: Diversity;
  /** The rows of each label, labels sorted. */
  readonly diversityByLabel: Readonly<Record<string, Diversity>>;
  /** As many rows of the dataset as of gold, so that their scores compare; without gold `n` rows of the dataset. */
  readonly sample: {
    readonly n: number;
    /** Whether both have the proportions of gold's labels. */
    readonly matchesGold: boolean;
    readonly rows: Diversity;
    readonly gold: Diversity | null;
  };
  readonly duplicates: {
    readonly n: number;
    readonly exactRate: number | null;
    readonly nearRate: number | null;
    readonly near: number;
    /** The nearest, at most 100. */
    readonly pairs: readonly DuplicatePair[];
  };
  readonly copiesOfSeeds: OrMissing<CopyFigures>;
  readonly copiesOfGold: OrMissing<CopyFigures>;
  /** Histograms of one bin width. */
  readonly lengths: {
    readonly rows: LengthDistribution;
    readonly gold: LengthDistribution | null;
    readonly distance: LengthDistance | null;
  };
  readonly entities: OrMissing<{
    readonly recogniser: string;
    readonly n: number;
    readonly mean: number | null;
    readonly perType: Readonly<Record<string, number>>;
    readonly mentions: Readonly<Record<string, number>>;
  }>;
  readonly labelWords: OrMissing<LabelWordFigures>;
  readonly mauve: OrMissing<MauveFigures>;
  readonly labelCosine: OrMissing<LabelCosine & { readonly features: string; readonly n: number }>;
  /** UMAP of the rows at `positions`. */
  readonly map: OrMissing<{
    readonly features: string;
    readonly n: number;
    readonly positions: readonly number[];
    readonly points: readonly (readonly [x: number, y: number])[];
  }>;
  /** The proxy student, trained on the rows and tested on gold. */
  readonly student: OrMissing<StudentFigures>;
  /** By the logistic student where there are vectors, else by the proxy student. */
  readonly labelFidelity: OrMissing<LabelFidelity>;
  /** Students on seeds, rows, both and gold, each tested on gold. */
  readonly yardsticks: { readonly proxy: OrMissing<Yardsticks>; readonly logistic: OrMissing<Yardsticks> };
  readonly cartography: OrMissing<CartographyFigures>;
  /** What a student of one's own, DistilBERT above all, came to; trained elsewhere. */
  readonly ownStudent: OrMissing<StudentFigures & { readonly cartography: CartographyFigures | null }>;
  /** Mean norm of the contrast at each token, raw and smoothed. */
  readonly contrast: OrMissing<{
    /** Rows with contrast norms. */
    readonly n: number;
    readonly beta: number;
    readonly mean: readonly number[];
    readonly smoothed: readonly number[];
    readonly sequences: readonly number[];
  }>;
}
