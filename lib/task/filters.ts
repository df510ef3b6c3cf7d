/** The filters of a task: which generated rows become instances, as a caller may say it and as a run has it. */
import type { ConfigIssue } from "../errors.js";
import type { Instance } from "../instance.js";
import type { ParsedFilters } from "./filters-schema.js";

/** A regular expression, as a text or with a name and flags. */
export type PatternInput =
  | string
  | {
      /** What a row that it rejects is counted under; 1 to 60 characters, default the pattern itself. */
      readonly name?: string | undefined;
      readonly pattern: string;
      /** Of i, m, s, u, v; default "". */
      readonly flags?: string | undefined;
    };

/**
 * Looks at a row that all other filters let pass: true accepts it, false rejects it as "accept", a text with that
 * reason.
 */
export type Accept = (instance: Instance) => boolean | string;

/**
 * Which rows are accepted. A row is counted under the first reason that applies, in the order of the fields here; one
 * without text is always rejected, as "empty". What is rejected is made up for by further groups, up to
 * `limits.maxGroups`.
 */
export interface FilterInput {
  /**
   * Cuts a row to what follows its reasoning (`<think>…</think>` and the markers of other families); rejects it, as
   * "reasoning", where that never closes or nothing follows. Default true.
   */
  readonly reasoning?: boolean | undefined;
  /**
   * Takes off what the whole text is wrapped in: quotation marks, bold, a bullet or number, "Summary:", the answer
   * prefix or the label's name as a heading; not what more than 2 % of the seeds have. Such a row says `cleaned`.
   * Default true.
   */
  readonly clean?: boolean | undefined;
  /**
   * Rows that reached `sampling.maxTokens` before they ended: "cut" (default) shortens them to their last whole
   * sentence and rejects those without one, as "unfinished"; "drop" rejects them all; "keep" takes them as they are.
   */
  readonly unfinished?: "keep" | "drop" | "cut" | undefined;
  /** Least of `Instance.tokens`: integer ≥ 0, default 0. Rejected as "short". */
  readonly minTokens?: number | undefined;
  /** Most of `Instance.tokens`: integer ≥ 1, default no limit. Rejected as "long". */
  readonly maxTokens?: number | undefined;
  /**
   * Least words (Unicode's word boundaries, punctuation does not count): integer ≥ 0, default 0. Rejected as "short".
   */
  readonly minWords?: number | undefined;
  /** Most words: integer ≥ 1, default no limit. Rejected as "long". */
  readonly maxWords?: number | undefined;
  /**
   * Rejects, as "assistant", texts in which an English instruction model talks instead of writing: refusals ("I'm
   * sorry, but I can't write …"), announcements ("Sure, here is a summary:"), offers of help, "As an AI language
   * model", gaps such as "[Customer's Name]". Left out where more than 2 % of the seeds are like that. Default true.
   * More of them: `reject` with the name "assistant".
   */
  readonly assistant?: boolean | undefined;
  /**
   * Rejects, as "run-on", texts that go on in the format of the prompt, in upper or lower case: the instruction, or its
   * beginning at the start of a line or behind a sentence; the answer prefix there; the separator and another block;
   * questions with answers or options; lists of texts; the role markers of a chat template. Of these, what more than 2
   * % of the seeds have is left out. Default true.
   */
  readonly runOns?: boolean | undefined;
  /**
   * Rejects, as "repetition", texts that say the same again and again, by the thresholds of MassiveText (Rae et al.
   * 2021) on repeated n-grams. Left out where more than 2 % of the seeds do. Default true.
   */
  readonly repetition?: boolean | undefined;
  /**
   * Rejects, as "script", texts with a word in a script that less than 1 % of the seeds' letters have; without seeds,
   * of the labels' and the prompt's letters. Default true.
   */
  readonly script?: boolean | undefined;
  /**
   * Rejects texts that one of these patterns matches anywhere, each under its name; default none. Of texts longer than
   * 10 000 characters the beginning is tested. A pattern that backtracks without end stops the run there: generated
   * text may be anything.
   */
  readonly reject?: readonly PatternInput[] | undefined;
  /** Rejects texts that one of these patterns does not match; else as `reject`. */
  readonly require?: readonly PatternInput[] | undefined;
  /**
   * Rejects, as "copy", texts equal to a seed (the in-context examples are seeds) or a context of the task up to
   * Unicode form, case and white space, and, with `nearDuplicates`, those nearly equal to a seed, those that share
   * eight words or more with one, if these are 80 % of the shorter of the two, and those that hold one of six words or
   * more. Default true.
   */
  readonly copies?: boolean | undefined;
  /**
   * Rejects, as "duplicate", texts equal to one accepted before, of whatever label, up to Unicode form, case and white
   * space. Default true.
   */
  readonly duplicates?: boolean | undefined;
  /**
   * Rejects, as "near-duplicate", texts whose word 3-grams are too much like those of a text accepted before: the
   * Jaccard similarity at which they are, 0.5..1, or false; default 0.9. There, texts of a hundred words are too alike
   * when one differs; texts of ten only when nothing but punctuation does. 0.8 rejects texts of a dozen words that
   * differ in the last. Texts of up to 24 words are also too alike when they differ in nothing but articles, forms of
   * "to be" and the like, or a letter: "what is the capital of japan", "what's the captial of Japan?". Costs about 2 KB
   * of memory a row.
   */
  readonly nearDuplicates?: number | false | undefined;
  /**
   * In the API only: your own word, after all others. It must not depend on anything but the instance if a run is to be
   * repeated.
   */
  readonly accept?: Accept | undefined;
}

/** A pattern with its defaults filled in. */
export interface Pattern {
  readonly name: string;
  readonly pattern: string;
  readonly flags: string;
}

/**
 * The filters with every default filled in. Without `accept` they survive JSON; with it, JSON has the text "function"
 * there.
 */
export interface Filters extends Omit<ParsedFilters, "reject" | "require" | "maxTokens" | "maxWords"> {
  readonly maxTokens?: number;
  readonly maxWords?: number;
  readonly reject: readonly Pattern[];
  readonly require: readonly Pattern[];
  readonly accept?: Accept;
}

/** What `filters: false` stands for: every row with text is accepted. */
const noFilters: Filters = {
  reasoning: false,
  clean: false,
  unfinished: "keep",
  minTokens: 0,
  minWords: 0,
  assistant: false,
  runOns: false,
  repetition: false,
  script: false,
  reject: [],
  require: [],
  copies: false,
  duplicates: false,
  nearDuplicates: false,
};

/** Fills in what the schema leaves open. */
export function resolveFilters(parsed: ParsedFilters | false, accept: Accept | undefined): Filters {
  if (parsed === false) return noFilters;
  const { reject, require, maxTokens, maxWords, ...rest } = parsed;
  return {
    ...rest,
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(maxWords === undefined ? {} : { maxWords }),
    reject: reject.map((entry) => patternOf(entry, "reject")),
    require: require.map((entry) => patternOf(entry, "require")),
    // JSON leaves functions out, and whoever reads a manifest should see that there was one
    ...(accept === undefined ? {} : { accept: Object.assign(accept.bind(undefined), { toJSON: () => "function" }) }),
  };
}

function patternOf(entry: PatternInput, kind: string): Pattern {
  const { name, pattern, flags = "" } = typeof entry === "string" ? { pattern: entry } : entry;
  return { name: name ?? `${kind} /${pattern}/${flags}`, pattern, flags };
}

/** Every contradiction among the filters, and with the sampling where that is sound. */
export function checkFilters(filters: ParsedFilters | false, tokenLimit: number | undefined): ConfigIssue[] {
  if (filters === false) return [];
  const { minTokens, maxTokens, minWords, maxWords } = filters;
  const issues: ConfigIssue[] = [];
  const atMost = (path: string, least: number, most: number | undefined, name: string) => {
    if (most === undefined || least <= most) return;
    issues.push({ path: `filters.${path}`, message: `Expected at most ${name} (${most}), received ${least}` });
  };
  atMost("minTokens", minTokens, maxTokens, "filters.maxTokens");
  atMost("minTokens", minTokens, tokenLimit, "sampling.maxTokens");
  atMost("minWords", minWords, maxWords, "filters.maxWords");
  return issues;
}
