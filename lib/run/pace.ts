/** How fast a run goes, and how long it will still take: from what its engine did so far, reading prompts included. */
import type { NativeCounters, NativeGroup } from "../engine/binding.js";
import { fewestLabels } from "../methods/top-up.js";
import { sum } from "../numbers/sum.js";
import type { LabelCounts } from "./ledger.js";

/** What of a run's layout decides how much is left. */
export interface Layout {
  /** Rows of a round, contrast rows included. */
  readonly rows: number;
  /** Whole groups that have each label once: 1, and more where labels take turns. */
  readonly groupsPerRound: number;
  /** R. */
  readonly repeat: number;
  /** Groups that have all labels; those after them have the ones that lack some. */
  readonly wholeGroups: number;
  /** Copies of the teacher. */
  readonly replicas: number;
}

/** Keeps count of the groups of a session. Times come from the engine's own counts. */
export class Pace {
  readonly #layout: Layout;
  #begun = { rows: 0, toRead: 0 };
  #reading = { from: 0, share: 0 };
  #taken = { rows: 0, generating: 0, tokens: 0 };
  /** Rows of groups that were judged, of all that {@link take} was told of. */
  #judged = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /**
   * A group was given to the engine.
   * @param rows  that it has, contrast rows included.
   * @param toRead  tokens of its prompts that are to be decoded.
   */
  begin(rows: number, toRead: number): void {
    const { rows: before, toRead: all } = this.#begun;
    this.#begun = { rows: before + rows, toRead: all + toRead };
  }

  /**
   * A group came back.
   * @param rows  as in {@link begin}.
   */
  take(rows: number, result: NativeGroup): void {
    const written = result.rows.filter(({ tokens }) => tokens > 0);
    this.#taken.rows += rows;
    this.#taken.generating += written.length;
    this.#taken.tokens += sum(written.map(({ tokens }) => tokens));
  }

  /**
   * A group was judged, label check included.
   * @param rows  as in {@link begin}.
   */
  judge(rows: number): void {
    this.#judged += rows;
  }

  /**
   * Share of the prompts that wait to be read, of all since none waited, that was read, 0..1; null where none waits. It
   * never falls before all of them are read, although further groups begin.
   */
  promptsRead({ prefilledTokens }: NativeCounters): number | null {
    const { toRead } = this.#begun;
    if (prefilledTokens >= toRead) {
      this.#reading = { from: toRead, share: 0 };
      return null;
    }
    const { from, share } = this.#reading;
    this.#reading.share = Math.max(share, (prefilledTokens - from) / (toRead - from));
    return this.#reading.share;
  }

  /**
   * Seconds until every label has its number, as far as rows, rejections and texts go on as they went; null until a
   * group came back.
   * The label check judges groups while others are decoded: whichever of both takes longer is what is waited for.
   * @param groups  that were taken, those of earlier sessions included.
   * @param judgingSeconds  that the label check took so far, without its calibration, which is not repeated.
   */
  secondsLeft(
    counts: readonly LabelCounts[],
    groups: number,
    counters: NativeCounters,
    judgingSeconds = 0,
  ): number | null {
    const { prefillSeconds, prefilledTokens, decodeSeconds, sampleSeconds, decodedTokens } = counters;
    const { rows, generating, tokens } = this.#taken;
    if (generating === 0 || decodedTokens === 0) return null;
    const perRead = prefilledTokens === 0 ? 0 : prefillSeconds / prefilledTokens;
    const read = (this.#begun.toRead / this.#begun.rows) * perRead;
    const written = (tokens / generating) * ((decodeSeconds + sampleSeconds) / decodedTokens);
    const { groupsPerRound, wholeGroups } = this.#layout;
    const rounds = { ...this.#layout, wholeGroups: wholeGroups / groupsPerRound };
    const left = rowsLeft(counts, groups / groupsPerRound, rounds);
    const all = (rows + left) * (read + written);
    const spent = prefillSeconds + decodeSeconds + sampleSeconds; // in part on rows in flight
    const judging = this.#judged === 0 ? 0 : left * (judgingSeconds / this.#judged);
    return Math.max(1, (all - spent) / this.#layout.replicas, judging);
  }
}

/**
 * Rows that will still be made, those in flight included: whole groups as long as there are any, then for each label that
 * lacks some its own rows and those that make up {@link fewestLabels}.
 */
export function rowsLeft(
  counts: readonly LabelCounts[],
  groups: number,
  { rows, repeat, wholeGroups }: Pick<Layout, "rows" | "repeat" | "wholeGroups">,
): number {
  const needed = counts.map((count) => groupsLeft(count, repeat)).sort((a, b) => b - a);
  const [most = 0] = needed;
  const whole = Math.min(most, Math.max(0, wholeGroups - groups));
  const own = sum(needed.map((each) => Math.max(0, each - whole)));
  const partners = needed.slice(0, fewestLabels).map((each) => most - Math.max(whole, each));
  return whole * rows + ((own + sum(partners)) * rows) / counts.length;
}

// As many rows are accepted as were so far; of a label of which none was, one of those that come.
function groupsLeft({ wanted, accepted, surplus, rejected }: LabelCounts, repeat: number): number {
  if (accepted >= wanted) return 0;
  const good = accepted + surplus;
  const share = (good + 1) / (good + sum(Object.values(rejected)) + 1);
  return Math.ceil((wanted - accepted) / (repeat * share));
}
