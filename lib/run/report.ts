/** What a run says of itself, while it goes on and when it has ended. */

import type { NativeCounters } from "../engine/binding.js";
import { sum } from "../numbers/sum.js";
import type { Label } from "../task/spec.js";
import { labelRemarks } from "./label-remarks.js";
import type { LabelCounts } from "./ledger.js";
import type { Pace } from "./pace.js";

/** State of a running run. */
export interface Progress {
  readonly labels: Readonly<Record<string, { readonly wanted: number; readonly accepted: number }>>;
  readonly accepted: number;
  readonly wanted: number;
  /** Rows that the filters refused, over all labels. */
  readonly rejected: number;
  /** Groups finished. */
  readonly groups: number;
  readonly groupsInFlight: number;
  readonly generatedTokens: number;
  readonly decodedTokens: number;
  readonly promptTokens: number;
  /** Since the run began. */
  readonly seconds: number;
  /** Generated tokens per second. */
  readonly tokensPerSecond: number;
  /**
   * Share of the prompts that was read, of all since none waited, 0..1; null when all of them were, as while texts are
   * written. It never falls in between.
   */
  readonly promptsRead: number | null;
  /**
   * Estimate from what was read, written, checked and rejected in this session so far; null until a group is finished. A label of
   * which every row was rejected has no end in sight, and is taken to find one among as many again.
   */
  readonly secondsLeft: number | null;
  /** What a person should know while it runs: labels of which few rows pass, and why. */
  readonly warnings: readonly string[];
}

/** What a run came to. */
export interface Report<Label extends string = string> {
  readonly labels: Readonly<Record<Label, LabelCounts>>;
  /** Every label has its number. */
  readonly quotaMet: boolean;
  /** Groups finished. */
  readonly groups: number;
  /**
   * Of a resumed run, the group that this session began with: labels and groups count the whole run, while steps,
   * tokens and seconds are those since.
   */
  readonly resumedAt?: number;
  /** Lockstep decodes; over all copies of the teacher, as the tokens and the engine's seconds below. */
  readonly steps: number;
  /** Tokens drawn, dropped instances included. */
  readonly generatedTokens: number;
  /** Rows times steps, contrast rows included: forward passes. CFG decodes M times what CorrSynth does. */
  readonly decodedTokens: number;
  /** Tokens of all prompts, contrast rows included. */
  readonly promptTokens: number;
  /** Those of them that were decoded; the others were copied from a row that had the same beginning. */
  readonly prefilledTokens: number;
  /**
   * What drew the tokens: "cpu", from the host's memory; "cuda", on the device; "graph", from candidates that the
   * device found; "copy", after all logits were copied from the device. "" when nothing was drawn.
   */
  readonly sampler: NativeCounters["sampler"];
  /** Logits and tokens that drawing copied from a device, in bytes; 0 on the CPU. */
  readonly bytesToHost: number;
  readonly seconds: number;
  /** Generated tokens per second. */
  readonly tokensPerSecond: number;
  /** Setting up the context: its KV cache and working memory. */
  readonly setupSeconds: number;
  readonly prefillSeconds: number;
  readonly decodeSeconds: number;
  readonly samplerSeconds: number;
  /** Of prefill and decode, those of the second model (`amateur`, `guide`); 0 without one. */
  readonly secondModelSeconds: number;
  /** Checking labels, beside decoding; 0 without a check. */
  readonly checkSeconds: number;
  /** Share of the generated tokens that had no partner left to be contrasted with, though the method contrasts. */
  readonly uncontrastedShare: number;
  /** Share that still had some, but not all, of its contrast sets (Hybrid: no partner of the same label, say). */
  readonly partlyContrastedShare: number;
  /** Rows that each text of `sampling.stop` ended, rejected ones included. */
  readonly stops: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

/** The engine's counts before it has begun. */
export const noCounts: NativeCounters = {
  steps: 0,
  promptTokens: 0,
  prefilledTokens: 0,
  decodedTokens: 0,
  generatedTokens: 0,
  uncontrastedTokens: 0,
  partlyContrastedTokens: 0,
  graphs: 0,
  groupsInFlight: 0,
  bytesToHost: 0,
  sampler: "",
  notice: "",
  setupSeconds: 0,
  prefillSeconds: 0,
  decodeSeconds: 0,
  sampleSeconds: 0,
  secondSeconds: 0,
};

/** The counts behind both. */
export interface RunState {
  readonly labels: readonly Label[];
  readonly goal: { counts(): LabelCounts[]; readonly done: boolean };
  readonly groups: number;
  /** Of a resumed run: groups of earlier sessions. */
  readonly resumedAt?: number | undefined;
  readonly seconds: number;
  readonly counters: NativeCounters;
  readonly checkSeconds: number;
  /** Those of them without the calibration of the check. */
  readonly judgingSeconds: number;
}

/** @param pace  of the session. */
export function progressOf(
  { labels, goal, groups, seconds, counters, judgingSeconds }: RunState,
  pace: Pick<Pace, "promptsRead" | "secondsLeft">,
): Progress {
  const counts = goal.counts();
  const accepted = sum(counts.map((count) => count.accepted));
  const wanted = sum(counts.map((count) => count.wanted));
  return {
    labels: byName(labels, counts, ({ wanted, accepted }) => ({ wanted, accepted })),
    accepted,
    wanted,
    rejected: sum(counts.flatMap((count) => Object.values(count.rejected))),
    groups,
    groupsInFlight: counters.groupsInFlight,
    generatedTokens: counters.generatedTokens,
    decodedTokens: counters.decodedTokens,
    promptTokens: counters.promptTokens,
    seconds,
    tokensPerSecond: rate(counters.generatedTokens, seconds),
    promptsRead: pace.promptsRead(counters),
    secondsLeft: accepted >= wanted ? 0 : pace.secondsLeft(counts, groups, counters, judgingSeconds),
    warnings: labelRemarks(labels, counts),
  };
}

export function reportOf(
  { labels, goal, groups, resumedAt, seconds, counters, checkSeconds }: RunState,
  stops: Report["stops"],
  warnings: readonly string[],
): Report {
  const { steps, generatedTokens, decodedTokens, promptTokens, prefilledTokens, prefillSeconds, decodeSeconds } =
    counters;
  return {
    labels: byName(labels, goal.counts(), (count) => count),
    quotaMet: goal.done,
    groups,
    ...(resumedAt === undefined ? {} : { resumedAt }),
    steps,
    generatedTokens,
    decodedTokens,
    promptTokens,
    prefilledTokens,
    sampler: counters.sampler,
    bytesToHost: counters.bytesToHost,
    seconds,
    tokensPerSecond: rate(generatedTokens, seconds),
    setupSeconds: counters.setupSeconds,
    prefillSeconds,
    decodeSeconds,
    samplerSeconds: counters.sampleSeconds,
    secondModelSeconds: counters.secondSeconds,
    checkSeconds,
    uncontrastedShare: rate(counters.uncontrastedTokens, generatedTokens),
    partlyContrastedShare: rate(counters.partlyContrastedTokens, generatedTokens),
    stops,
    warnings:
      counters.notice === "" ? warnings : [...warnings, `Drawing was not as fast as it can be: ${counters.notice}`],
  };
}

function byName<T>(labels: readonly Label[], counts: readonly LabelCounts[], pick: (count: LabelCounts) => T) {
  return Object.fromEntries(labels.map(({ name }, i) => [name, pick(counts[i]!)]));
}

function rate(count: number, per: number): number {
  return per > 0 ? count / per : 0;
}
