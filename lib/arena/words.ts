// What the figures say, in sentences that a person can go by: no more than the intervals allow.
import { wilsonInterval } from "../numbers/statistics.js";
import type { Arm } from "./arm.js";
import type { PrimaryMeasure } from "./measure.js";
import type { SeedsAlone, TestSet, Winner } from "./record.js";
import { type Gain, seedsOfResult } from "./statistics.js";
import { type ArmLine, meanOf, type SeedMean } from "./tables.js";

/** What is told of an arena, and who won it. */
export interface Verdict {
  readonly winner: Winner | null;
  readonly words: readonly string[];
}

/** What there is to judge. */
export interface Judged {
  readonly arms: readonly Arm[];
  /** At equal tokens. */
  readonly lines: readonly ArmLine[];
  readonly primary: PrimaryMeasure;
  readonly test: TestSet;
  readonly seedsAlone: readonly SeedsAlone[];
}

/** The first of the arms is the one to beat. */
export function verdictOf({ arms, lines, primary, test, seedsAlone }: Judged): Verdict {
  const [base, ...others] = lines;
  if (base === undefined || base.seeds === 0) {
    return { winner: null, words: ["No run of the arm to beat is done: give it more time, the same command goes on."] };
  }
  const seeds = Math.max(0, ...others.map(({ gain }) => gain?.n ?? 0));
  const clear = others.filter(({ gain }) => gain?.isClear && gain.n >= seedsOfResult);
  const better = clear.filter(({ gain }) => gain!.mean! > 0).sort((a, b) => b.gain!.mean! - a.gain!.mean!);
  const worse = clear.filter(({ gain }) => gain!.mean! < 0);
  const first = better[0];
  const words: string[] = [];
  if (seeds < seedsOfResult) words.push(...lookWords(base, others, seeds));
  else if (first === undefined) {
    words.push(`Nothing beats ${base.arm} by more than chance, at equal tokens, over ${seeds} seeds.`);
  } else {
    words.push(
      `${first.arm} beats ${base.arm}: ${gainText(first.gain!)} points of accuracy at equal tokens, ${basis(first.gain!)}.`,
    );
    words.push(...costWords(first, base));
    const rest = better.slice(1).map(({ arm, gain }) => `${arm} ${gainText(gain!)}`);
    if (rest.length > 0) words.push(`Better, too: ${rest.join("; ")}.`);
  }
  if (worse.length > 0) {
    words.push(`Worse by more than chance: ${worse.map(({ arm, gain }) => `${arm} ${gainText(gain!)}`).join("; ")}.`);
  }
  words.push(...seedWords(first ?? base, primary, seedsAlone), testWords(test, primary, base));
  const own = first === undefined ? undefined : arms.find(({ name }) => name === first.arm);
  if (own?.rounds !== undefined) {
    const { policy, rounds } = own.rounds;
    const number = rounds === undefined ? "" : ` --rounds ${rounds}`;
    words.push(`It is made in rounds: corrsynth rounds task.yaml --policy ${policy}${number} --out DIR.`);
  }
  return { winner: own === undefined ? null : winnerOf(own), words };
}

function winnerOf({ name, fields, rounds }: Arm): Winner {
  return { arm: name, fields, ...(rounds === undefined ? {} : { rounds }) };
}

function lookWords(base: ArmLine, others: readonly ArmLine[], seeds: number): string[] {
  const ahead = others
    .filter(({ gain }) => gain !== null && gain.mean !== null && gain.mean > 0)
    .sort((a, b) => b.gain!.mean! - a.gain!.mean!);
  const look = `A look, not a result: ${seeds} ${seeds === 1 ? "seed" : "seeds"} to compare, and a claim takes ${seedsOfResult}.`;
  const [first] = ahead;
  if (first === undefined) return [look, `In it nothing is ahead of ${base.arm}.`];
  const points = `${gainText(first.gain!)} points over ${base.arm} at equal tokens`;
  if (first.gain!.isClear) return [look, `In it ${first.arm} is ahead: ${points}.`];
  return [look, `In it ${first.arm} comes first, by no more than chance may give: ${points}.`];
}

/** "+2.1 (+0.4 … +3.8)", in points. */
export function gainText({ mean, interval }: Pick<Gain, "mean" | "interval">): string {
  if (mean === null) return "–";
  if (interval === null) return signed(mean);
  return `${signed(mean)} (${signed(interval[0])} … ${signed(interval[1])})`;
}

function signed(share: number): string {
  const text = Math.abs(100 * share).toFixed(1);
  return `${share < 0 && text !== "0.0" ? "−" : "+"}${text}`;
}

function basis({ n, adjusted }: Gain): string {
  const p = adjusted! < 0.001 ? "below 0.001" : adjusted!.toFixed(3);
  return `95 % interval over ${n} seeds, p ${p} after Holm's correction`;
}

function costWords(own: ArmLine, base: ArmLine): string[] {
  const times = (figure: "tokens" | "seconds") => {
    const [a, b] = [own[figure].mean, base[figure].mean];
    return a === null || b === null || b <= 0 ? "–" : (a / b).toFixed(2);
  };
  return [
    `For as many rows it takes ${times("tokens")} times the tokens and ${times("seconds")} times the time of ${base.arm}.`,
  ];
}

/** Accuracy of the primary measure. */
export function primaryMean(line: ArmLine, { student, trainedOn }: PrimaryMeasure): SeedMean {
  return line[student]?.[trainedOn] ?? meanOf([]);
}

function seedWords(line: ArmLine, primary: PrimaryMeasure, seedsAlone: readonly SeedsAlone[]): string[] {
  const seeds = meanOf(seedsAlone.map((one) => one[primary.student])).mean;
  const own = primaryMean(line, primary).mean;
  if (seeds === null || own === null) return [];
  const what = primary.trainedOn === "alone" ? "the rows" : "the rows and the seeds";
  return [`The seeds alone come to ${percent(seeds)} %, ${what} of ${line.arm} to ${percent(own)} %.`];
}

function testWords({ from, rows, alike }: TestSet, primary: PrimaryMeasure, base: ArmLine): string {
  const [low, high] = wilsonInterval(primaryMean(base, primary).mean ?? 0.5, rows);
  const open = `their number alone leaves ${percent(low)} – ${percent(high)} % open for ${base.arm}, which moves all arms alike`;
  if (from === "gold") return `Tested on ${rows} human rows: ${open}.`;
  const left = alike === 0 ? "" : ` (${alike} more were too like the others)`;
  return `Tested on ${rows} seeds that were held out${left}: ${open}. More seeds, or human rows as gold of an arena, make it surer.`;
}

/** A share in per cent, with a digit behind the point. */
export function percent(share: number): string {
  return (100 * share).toFixed(1);
}
