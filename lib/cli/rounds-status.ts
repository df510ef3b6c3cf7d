// Rounds as text: how far each is, and what it took from those before.
import type { RoundStatus, RoundsStatus } from "../io.js";
import { reviewedText } from "./reviewed-text.js";
import { facts, grouped, printable, table } from "./terminal.js";

/** What was found of a directory of rounds. */
export interface FoundRounds extends RoundsStatus {
  readonly path: string;
}

const figureNames: Readonly<Record<string, string>> = {
  agreement: "student agrees",
  validationAccuracy: "student on validation",
  helpful: "share of helpful rows",
  meanWeight: "mean weight",
};

/** What a round took, a phrase each. */
export function tookParts({
  figures,
  examples,
  contexts,
  dropped,
}: Pick<RoundStatus, "figures" | "examples" | "contexts" | "dropped">): string[] {
  return [
    ...Object.entries(figures).map(([name, value]) => `${figureNames[name] ?? name} ${Number(value.toFixed(3))}`),
    ...(examples === null
      ? []
      : [`${grouped(examples.texts)} examples, ${grouped(examples.rows)} of them rows of before`]),
    ...(contexts === null ? [] : [`${grouped(contexts.texts)} contexts`]),
    ...(dropped.policy === 0 ? [] : [`${grouped(dropped.policy)} rows dropped by the student`]),
    ...(dropped.repeat === 0 ? [] : [`${grouped(dropped.repeat)} dropped as repeats`]),
  ];
}

/** Of rounds what `status` shows of a run. */
export function roundsText({ path, policy, rounds, dataset }: FoundRounds): string {
  const lines: [string, string][] = [
    ["rounds", path],
    ["policy", policy],
    ["dataset", dataset === null ? "not yet" : `${grouped(dataset.rows)} rows in ${dataset.path}`],
    ...(dataset?.reviewed === undefined
      ? []
      : [["reviewed", reviewedText(dataset.reviewed)] satisfies [string, string]]),
  ];
  const cells = rounds.map((round) => {
    const { rows, wanted, state } = round;
    return [`round-${round.round}`, state, grouped(rows), grouped(wanted), tookParts(round).join("; ")].map((cell) =>
      printable(cell),
    );
  });
  const shown = lines.map(([name, value]) => [name, printable(value)] as const);
  return `${facts(shown)}${table(["round", "state", "rows", "wanted", "took"], cells)}`;
}
