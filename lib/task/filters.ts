/** The field `filters` of a task: which generated rows become instances. What they mean, their ranges and defaults. */
import { z } from "zod";
import { expected } from "../checks/issues.js";
import { part, programOnly } from "../checks/shapes.js";
import type { Instance } from "../instance.js";
import { nearness } from "../near/thresholds.js";
import { patterns } from "./patterns.js";

/** True accepts a row, false rejects it as "accept", a text with that reason. */
export type AcceptVerdict = boolean | string;

/** Looks at a row that all other filters let pass, and says what becomes of it, at once or by a promise. */
export type Accept = (instance: Instance) => AcceptVerdict | PromiseLike<AcceptVerdict>;

/**
 * Looks at the rows of a group that all other filters let pass, rows that repeat one another among them, and says what
 * becomes of each, in their order.
 */
export type AcceptGroup = (
  instances: readonly Instance[],
) => readonly AcceptVerdict[] | PromiseLike<readonly AcceptVerdict[]>;

const count = z.int().min(0).max(1_000_000);

// biome-ignore lint/suspicious/noExplicitAny: of any arguments
function ownFunction<Own extends (...given: any) => unknown>() {
  // JSON leaves functions out, and whoever reads a manifest should see that there was one
  return programOnly<Own>("function", (value) => typeof value === "function")
    .transform((own): Own => Object.assign(own.bind(undefined) as Own, { toJSON: () => "function" }))
    .optional();
}

const filters = part(
  {
    /**
     * Cuts a row to what follows its reasoning (`<think>…</think>` and the markers of other families); rejects it, as
     * "reasoning", where that never closes or nothing follows. Default true.
     */
    reasoning: z.boolean().default(true),
    /**
     * Takes off what the whole text is wrapped in: quotation marks, bold, a bullet or number, "Summary:", the answer
     * prefix or the label's name as a heading; not what more than 2 % of the seeds have. Such a row says `cleaned`.
     * Default true.
     */
    clean: z.boolean().default(true),
    /**
     * Rows that reached `sampling.maxTokens` before they ended: "cut" (default) shortens them to their last whole sentence and
     * rejects those without one, as "unfinished"; "drop" rejects them all; "keep" takes them as they are.
     */
    unfinished: z.enum(["keep", "drop", "cut"]).default("cut"),
    /** Least of `Instance.tokens`: integer ≥ 0, default 0. Rejected as "short". */
    minTokens: count.default(0),
    /** Most of `Instance.tokens`: integer ≥ 1, default no limit. Rejected as "long". */
    maxTokens: count.min(1).optional(),
    /** Least words (Unicode's word boundaries, punctuation does not count): integer ≥ 0, default 0. Rejected as "short". */
    minWords: count.default(0),
    /** Most words: integer ≥ 1, default no limit. Rejected as "long". */
    maxWords: count.min(1).optional(),
    /**
     * Rejects, as "assistant", texts in which an English instruction model talks instead of writing: refusals ("I'm
     * sorry, but I can't write …"), announcements ("Sure, here is a summary:"), offers of help, "As an AI language
     * model", gaps such as "[Customer's Name]". Left out where more than 2 % of the seeds are like that. Default true.
     * More of them: `reject` with the name "assistant".
     */
    assistant: z.boolean().default(true),
    /**
     * Rejects, as "run-on", texts that go on in the format of the prompt, in upper or lower case: the instruction, or
     * its beginning at the start of a line or behind a sentence; the answer prefix there; the separator and another
     * block; questions with answers or options; lists of texts; the role markers of a chat template. Of these, what
     * more than 2 % of the seeds have is left out. Default true.
     */
    runOns: z.boolean().default(true),
    /**
     * Rejects, as "repetition", texts that say the same again and again, by the thresholds of MassiveText (Rae et al.
     * 2021) on repeated n-grams. Left out where more than 2 % of the seeds do. Default true.
     */
    repetition: z.boolean().default(true),
    /**
     * Rejects, as "script", texts with a word in a script that less than 1 % of the seeds' letters have; without seeds,
     * of the labels' and the prompt's letters. Default true.
     */
    script: z.boolean().default(true),
    /**
     * Rejects, as "hint", texts without the word that {hint} stood for in their prompt, or one that begins with it, such
     * as its plural. Default true; whoever asks for the word and takes what comes sets false.
     */
    hint: z.boolean().default(true),
    /**
     * Rejects texts that one of these patterns matches anywhere, each under its name; default none. Patterns are those of
     * RE2, with JavaScript's \\u: matching takes time in proportion to the text. They have no lookaround and no
     * backreferences, 10 000 characters and 2 000 instructions at most. Of texts longer than 10 000 characters the
     * beginning is tested.
     */
    reject: patterns("reject"),
    /** Rejects texts that one of these patterns does not match; else as `reject`. */
    require: patterns("require"),
    /**
     * Rejects, as "copy", texts equal to a seed (the in-context examples are seeds) or a context of the task up to
     * Unicode form, case and white space, and, with `nearDuplicates`, those nearly equal to a seed, those that share
     * eight words or more with one, if these are 80 % of the shorter of the two, and those that hold one of six words
     * or more. Default true.
     */
    copies: z.boolean().default(true),
    /**
     * Rejects, as "duplicate", texts equal to one accepted before, of whatever label, up to Unicode form, case and white space.
     * Default true.
     */
    duplicates: z.boolean().default(true),
    /**
     * Rejects, as "near-duplicate", texts whose word 3-grams are too much like those of a text accepted before: the
     * Jaccard similarity at which they are, 0.5..1, or false; default 0.9. There, texts of a hundred words are too alike
     * when one differs; texts of ten only when nothing but punctuation does. 0.8 rejects texts of a dozen words that
     * differ in the last. Texts of up to 24 words are also too alike when they differ in nothing but articles, forms of
     * "to be" and the like, or a letter: "what is the capital of japan", "what's the captial of Japan?". Costs about
     * 2 KB of memory a row.
     */
    nearDuplicates: z
      .union([z.literal(false), z.number().min(0.5).max(1)], { error: expected("false, or a number of 0.5..1") })
      .default(nearness.filters.threshold),
    /**
     * Keeps rejected rows, with their reasons, in `rejected.jsonl` of the run directory, for `corrsynth status RUN
     * --rejected 20` and `readRejected` to show; may be changed between two sessions of a run. Default false.
     */
    keepRejected: z.boolean().default(false),
    /**
     * In the API only: your own word, after all others; may return a promise, and is called for the rows of a group side by
     * side. Groups are decoded meanwhile. It must not depend on anything but the instance if a run is to be repeated.
     */
    accept: ownFunction<Accept>(),
    /** In the API only: as `accept`, for all rows of a group in one call, such as a request; instead of `accept`. */
    acceptGroup: ownFunction<AcceptGroup>(),
  },
  "accept",
  "acceptGroup",
);

/**
 * Which rows are accepted. A row is counted under the first reason that applies, in the order of the fields here; one without
 * text is always rejected, as "empty". What is rejected is made up for by further groups, up to `limits.maxGroups`.
 */
export interface FilterInput extends z.input<typeof filters> {}

/** The filters with every default filled in. Without `accept` and `acceptGroup` they survive JSON; with one, JSON has the text "function" there. */
export interface Filters extends z.output<typeof filters> {}

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
  hint: false,
  reject: [],
  require: [],
  copies: false,
  duplicates: false,
  nearDuplicates: false,
  keepRejected: false,
};

const filtersOrNone: z.ZodType<Filters, FilterInput | false> = z.union(
  [z.literal(false).transform(() => noFilters), filters],
  { error: expected("an object, or false for no filters") },
);

/** `filters` of a task; what is left out is an empty object. */
export const filtersSchema = filtersOrNone.prefault({});
