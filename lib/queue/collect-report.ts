/** What a collection has come to so far, as it is told: to who watches, to the queue, and at the end. */
import { sum } from "../numbers/sum.js";
import { labelRemarks } from "../run/label-remarks.js";
import type { LabelCounts } from "../run/ledger.js";
import type { Progress } from "../run/report.js";
import type { Selection } from "../run/selection.js";
import type { ResolvedSpec } from "../task/spec.js";
import type { GroupRange } from "./jobs.js";
import { Meter } from "./meter.js";
import type { CollectorProgress } from "./store.js";

/** What a collection came to. */
export interface CollectReport {
  readonly labels: Readonly<Record<string, LabelCounts>>;
  /** Every label has its number. */
  readonly quotaMet: boolean;
  /** Groups from which the rows were selected. */
  readonly groups: number;
  /** Tokens of the groups collected in this session, and its seconds. */
  readonly generatedTokens: number;
  readonly seconds: number;
  readonly tokensPerSecond: number;
  /** Groups whose job failed for good: they are not in the dataset. */
  readonly setAside: readonly { readonly first: number; readonly count: number; readonly reason: string }[];
  readonly warnings: readonly string[];
}

/** Counts what is collected. */
export class CollectCounts {
  readonly #spec: ResolvedSpec;
  readonly #selection: Selection;
  readonly #started = performance.now();
  readonly #rows = new Meter();
  readonly #tokens = new Meter();
  readonly #setAside: CollectorProgress["setAside"];
  #groups: number;

  /**
   * @param selection  keeps count of the rows of each label.
   * @param next  number of the first group that the directory does not have.
   * @param earlier  what a collector before this one had to say.
   */
  constructor(spec: ResolvedSpec, selection: Selection, next: number, earlier: CollectorProgress | undefined) {
    this.#spec = spec;
    this.#selection = selection;
    this.#setAside = earlier?.setAside.filter(({ first }) => first < next) ?? [];
    this.#groups = next - sum(this.#setAside.map(({ count }) => count));
  }

  /** Groups from which rows were selected. */
  get groups(): number {
    return this.#groups;
  }

  addTokens(tokens: number): void {
    this.#tokens.add(tokens);
  }

  /** A group was selected from; so many of its rows are in the dataset. */
  addGroup(rows: number): void {
    this.#rows.add(rows);
    this.#groups++;
  }

  /** A job has failed for good. */
  setAside({ first, count }: GroupRange, reason: string): void {
    this.#setAside.push({ first, count, reason });
  }

  /**
   * For the queue, where whoever asks for its status finds it. Looks at the speed: once a second or so.
   * @param nextJob  number of the job to take next.
   */
  forQueue(nextJob: number): CollectorProgress {
    return {
      labels: this.#labels(),
      groups: this.#groups,
      nextJob,
      setAside: this.#setAside,
      rowsPerSecond: this.#rows.rate(),
      at: new Date().toISOString(),
      isDone: false,
    };
  }

  /** For who watches this collector. */
  progress(rowsPerSecond = this.#rows.rate()): Progress {
    const labels = this.#labels();
    const counts = Object.values(labels);
    const accepted = sum(counts.map((count) => count.accepted));
    const wanted = sum(counts.map((count) => count.wanted));
    return {
      labels,
      accepted,
      wanted,
      rejected: sum(counts.flatMap(({ rejected }) => Object.values(rejected))),
      groups: this.#groups,
      groupsInFlight: 0,
      generatedTokens: this.#tokens.total,
      decodedTokens: this.#tokens.total,
      promptTokens: 0,
      seconds: this.#seconds,
      tokensPerSecond: this.#tokens.rate(),
      promptsRead: null,
      secondsLeft: accepted >= wanted ? 0 : rowsPerSecond > 0 ? (wanted - accepted) / rowsPerSecond : null,
      warnings: labelRemarks(this.#spec.labels, this.#selection.counts()),
    };
  }

  report(): CollectReport {
    return {
      labels: this.#labels(),
      quotaMet: this.#selection.done,
      groups: this.#groups,
      generatedTokens: this.#tokens.total,
      seconds: this.#seconds,
      tokensPerSecond: this.#tokens.total / this.#seconds,
      setAside: this.#setAside,
      warnings: [
        ...this.#setAside.map(
          ({ first, count, reason }) => `Groups ${first} to ${first + count - 1} were set aside: ${reason}`,
        ),
        ...labelRemarks(this.#spec.labels, this.#selection.counts()),
      ],
    };
  }

  #labels(): Record<string, LabelCounts> {
    return Object.fromEntries(this.#selection.counts().map((count, i) => [this.#spec.labels[i]!.name, count]));
  }

  get #seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }
}
