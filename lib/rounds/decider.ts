// From the rows so far to what the next round takes of them: asks the policy, and writes the texts that were taken.
import { join } from "node:path";
import { replaceFile } from "../files/atomic-write.js";
import { jsonLine } from "../files/jsonl-writer.js";
import type { DatasetRound } from "./dataset.js";
import { policies, type RoundPolicy } from "./options.js";
import type { Decision, RoundRow, Taken } from "./policy.js";
import type { EndRecord, RoundRecord } from "./record.js";
import type { RoundStudent } from "./round-student.js";
import { repeatsOf, type StoredRow } from "./rows.js";
import type { RoundSources } from "./sources.js";

/** Most digits of the seed that students draw by. */
const seedRange = 2n ** 53n;

/** The rows of the rounds so far, and the decisions on them. */
export class Decider {
  readonly #directory: string;
  readonly #sources: RoundSources;
  readonly #policy: RoundPolicy;
  readonly #student: RoundStudent;
  readonly #rounds: { readonly round: number; readonly rows: readonly StoredRow[] }[] = [];
  readonly #reasons = new Map<string, "repeat" | "student">();

  constructor(directory: string, sources: RoundSources, policy: RoundPolicy, student: RoundStudent) {
    this.#directory = directory;
    this.#sources = sources;
    this.#policy = policy;
    this.#student = student;
  }

  /** Adds the rows of a round that is done. */
  add(round: number, rows: readonly StoredRow[]): void {
    this.#rounds.push({ round, rows });
  }

  /** Leaves out what a decision dropped. */
  drop({ dropped }: Pick<RoundRecord, "dropped">): void {
    for (const id of dropped.repeat) this.#reasons.set(id, "repeat");
    for (const id of dropped.policy) this.#reasons.set(id, "student");
  }

  /** The rounds, and which of their rows are left out. */
  parts(): DatasetRound[] {
    return this.#rounds.map((own) => ({ ...own, reasons: this.#reasons }));
  }

  /** What a round takes from those before. The texts are in their files when this resolves. */
  async round(round: number): Promise<RoundRecord> {
    const { spec } = this.#sources;
    const seed = String(BigInt.asUintN(64, BigInt(spec.sampling.seed) + BigInt(round - 1)));
    const own = { round, seed: BigInt(seed) < seedRange ? Number(seed) : seed };
    if (round === 1) {
      const nothing = { dropped: { repeat: [], policy: [] }, figures: {} };
      return { ...own, count: spec.count, seeds: null, contexts: null, ...nothing };
    }
    const { decision, dropped, figures } = await this.#decide(round);
    return {
      ...own,
      count: decision.count,
      seeds: await this.#write(round, "seeds", decision.seeds),
      contexts: await this.#write(round, "contexts", decision.contexts),
      ...{ dropped, figures },
    };
  }

  /** What becomes of the rows when no round follows. */
  async end(rounds: number): Promise<EndRecord> {
    const { decision, rows, dropped, figures } = await this.#decide(rounds + 1);
    const { weights } = decision;
    const byId = weights && Object.fromEntries(rows.map(({ id }, r) => [id, Number(weights[r]!.toFixed(6))]));
    return { rounds, weights: byId ?? null, dropped, figures };
  }

  async #decide(round: number) {
    const { spec, seeds, contexts, validation } = this.#sources;
    const last = this.#rounds.at(-1)?.rows ?? [];
    const earlier = this.#rounds.slice(0, -1).flatMap(({ rows }) => rows);
    const repeat = repeatsOf(earlier, last, spec.filters);
    const repeats = new Set(repeat);
    const isOut = (id: string) => this.#reasons.has(id) || repeats.has(id);
    const rows: RoundRow[] = [...earlier, ...last].filter(({ id }) => !isOut(id));
    const decision: Decision = await policies[this.#policy]({
      round,
      rows,
      labels: spec.labels.map(({ name }) => name),
      wanted: spec.count,
      student: this.#student,
      ...{ seeds, validation },
      // contexts that rows of all labels share are nobody's in particular
      contexts: spec.contextDeal?.perGroup === true ? [] : contexts,
      shots: spec.prompt.shots,
      seed: Number(BigInt(spec.sampling.seed) % seedRange),
    });
    const dropped = { repeat, policy: [...(decision.dropped ?? [])] };
    return { decision, rows, dropped, figures: { ...decision.figures } };
  }

  async #write(round: number, what: "seeds" | "contexts", taken: readonly Taken[] | undefined) {
    if (taken === undefined) return null;
    const file = `round-${round}.${what}.jsonl`;
    const lines = taken.map(({ id, text, label, fields }) => jsonLine({ ...fields, id, text, label }));
    await replaceFile(join(this.#directory, file), lines.join(""));
    const own = new Set(this.#rounds.flatMap(({ rows }) => rows.map(({ id }) => id)));
    return { file, texts: taken.length, rows: taken.map(({ id }) => id).filter((id) => own.has(id)) };
  }
}
