// The trace of a row against float64: probabilities and pushes worked out from the model's weights, beside llama.cpp.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  cfg,
  cross,
  fewgen,
  hybrid,
  loadTeacher,
  type Method,
  type Replay,
  replayRow,
  synthesizeTo,
  type Teacher,
} from "../../../lib/index.js";
import { endId, idsOf, RandomLlama } from "../helpers/llama.js";

const [first, second] = [new RandomLlama(63, 4), new RandomLlama(42)];
let folder: string;
let teacher: Teacher;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "corrsynth-trace-"));
  await writeFile(join(folder, "first.gguf"), first.file());
  await writeFile(join(folder, "second.gguf"), second.file());
  teacher = await loadTeacher(join(folder, "first.gguf"));
});
afterAll(async () => {
  await teacher.close();
  await rm(folder, { recursive: true });
});

const sampling = { maxTokens: 7, seed: 5, plausibility: 0.01, topP: 0.9, temperature: 1.3 };
const promptOf = (label: string) => `a ${label}`;
const labelOf = (m: number) => (m < 2 ? "x" : "y");

/** All rows of a group, traced. */
async function group(method: Method, beside: object = {}, more: object = {}): Promise<Replay[]> {
  const directory = await mkdtemp(join(folder, "run-"));
  await synthesizeTo(join(directory, "run"), teacher, {
    labels: { x: "x", y: "y" },
    prompt: { instruction: "a {label}", shots: 0 },
    ...{ method, count: 4, filters: false, ...beside },
    sampling: { ...sampling, ...more },
    engine: { threads: 1, kvType: "f32", flashAttention: false, reproducible: true },
  });
  const rows: Replay[] = [];
  for (let m = 0; m < 4; m++)
    rows.push(await replayRow(join(directory, "run"), `0.${m}`, { teacher, trace: true, likely: 4 }));
  return rows;
}

const tokensOf = ({ trace }: Replay) => trace!.map(({ token }) => token);
// ln P of every token after a prompt and what was written
const logsOf = (model: RandomLlama, prompt: string, written: readonly number[], blocks = model.blocks) =>
  model.distributions([...idsOf(prompt), ...written], blocks).at(-1)!;

/** What partner n of row m says at a step, and its weight; undefined where it has ended. */
type PartnerAt = (
  m: number,
  n: number,
  step: number,
) => { readonly logs: readonly number[]; readonly weight: number } | undefined;

/** Compares each token of each row with what follows from the distributions. */
function check(rows: readonly Replay[], own: (m: number, running: number) => number, partnerAt: PartnerAt): number {
  let compared = 0;
  for (const [m, row] of rows.entries()) {
    for (const [step, found] of row.trace!.entries()) {
      const written = tokensOf(row).slice(0, step);
      const logs = logsOf(first, promptOf(labelOf(m)), written);
      const mode = Math.max(...logs);
      const plausible = [...logs.keys()].filter((w) => logs[w]! >= mode + Math.log(sampling.plausibility));
      const partners = row.partners.flatMap(({ row: n }) => {
        const partner = partnerAt(m, n, step);
        return partner === undefined ? [] : [{ n, ...partner }];
      });
      const score = (w: number) =>
        own(m, partners.length) * logs[w]! -
        partners.reduce((sum, { weight, logs: other }) => sum + weight * other[w]!, 0);
      const total = plausible.reduce((sum, w) => sum + Math.exp(score(w) / sampling.temperature), 0);
      const shareOf = (w: number) => (plausible.includes(w) ? Math.exp(score(w) / sampling.temperature) / total : 0);
      const nucleus: number[] = [];
      for (const w of [...plausible].sort((a, b) => shareOf(b) - shareOf(a))) {
        if (nucleus.reduce((sum, v) => sum + shareOf(v), 0) < sampling.topP) nucleus.push(w);
      }
      const kept = nucleus.reduce((sum, w) => sum + shareOf(w), 0);
      const w = found.token;
      expect(found.own).toBeCloseTo(Math.exp(logs[w]!), 4);
      expect(found.contrasted).toBeCloseTo(shareOf(w), 4);
      expect(found.drawn).toBeCloseTo(shareOf(w) / kept, 4);
      expect(found).toMatchObject({ plausible: plausible.length, nucleus: nucleus.length });
      const likely = (list: { token: number }[]) => list.map(({ token }) => token);
      const best = (by: (w: number) => number) => [...logs.keys()].sort((a, b) => by(b) - by(a)).slice(0, 4);
      expect(likely([...found.likelyOwn])).toEqual(best((v) => logs[v]!));
      const contrasted = best(shareOf).filter((v) => shareOf(v) > 0);
      expect(likely([...found.likelyContrasted])).toEqual(contrasted.slice(0, found.likelyContrasted.length));
      // pushes: the partner's weight, and how much more it says of this token than of the others
      const mass = plausible.reduce((sum, v) => sum + Math.exp(logs[v]!), 0);
      for (const { n, weight, logs: other } of partners) {
        const ratio = (v: number) => logs[v]! - other[v]!;
        const mean = plausible.reduce((sum, v) => sum + (Math.exp(logs[v]!) / mass) * ratio(v), 0);
        const push = found.pushes.find(({ row }) => row === n)!;
        expect(push.weight).toBeCloseTo(weight, 9);
        expect(push.nats).toBeCloseTo(weight * (ratio(w) - mean), 3);
        compared++;
      }
      expect(found.pushes.length).toBe(partners.length);
      const sum = found.pushes.reduce((all, { nats }) => all + nats, found.exponent * Math.log(found.own));
      expect(Math.exp(sum / found.temperature - found.logScale)).toBeCloseTo(found.contrasted, 9);
      const sizes = found.pushes.map(({ nats }) => Math.abs(nats));
      const strongest = found.pushes.find(({ row }) => row === found.strongest);
      expect(Math.abs(strongest?.nats ?? 0)).toBe(Math.max(0, ...sizes));
    }
  }
  return compared;
}

// Whether a row still ran when this step was drawn.
const runs = (rows: readonly Replay[], n: number, step: number) => step < rows[n]!.trace!.length;

describe("a trace is what float64 makes of the model's weights", () => {
  it("without partners", async () => {
    const rows = await group(fewgen({ repeat: 2 }));
    expect(
      check(
        rows,
        () => 1,
        () => undefined,
      ),
    ).toBe(0);
    expect(rows.every(({ partners }) => partners.length === 0)).toBe(true);
  });

  it("with the rows of the other label, while they run", async () => {
    const rows = await group(cross({ repeat: 2, contrast: 0.5, heat: "none" }));
    const running = (m: number, step: number) =>
      [0, 1, 2, 3].filter((n) => labelOf(n) !== labelOf(m) && runs(rows, n, step));
    const compared = check(
      rows,
      (_, running) => (running === 0 ? 1 : 1.5),
      (m, n, step) =>
        runs(rows, n, step)
          ? {
              logs: logsOf(first, promptOf(labelOf(n)), tokensOf(rows[n]!).slice(0, step)),
              weight: 0.5 / running(m, step).length,
            }
          : undefined,
    );
    expect(compared).toBeGreaterThan(10);
    expect(rows[0]!.partners).toEqual([
      { row: 2, kind: "row", label: "y", repeat: 0, id: "0.2", text: rows[2]!.text },
      { row: 3, kind: "row", label: "y", repeat: 1, id: "0.3", text: rows[3]!.text },
    ]);
  });

  it("with a prompt that stands for its partners, behind the row's own text", async () => {
    const rows = await group(cfg({ kind: "prompt", repeat: 2, negative: "a thing", gamma: 1.4, delta: 1 }));
    const compared = check(
      rows,
      () => 1.4,
      (m, _, step) => ({ logs: logsOf(first, "a thing", tokensOf(rows[m]!).slice(0, step)), weight: 0.4 }),
    );
    expect(compared).toBeGreaterThan(10);
    expect(rows[1]!.partners).toMatchObject([{ row: 5, kind: "negative", label: "x" }]);
  });

  it.each([
    ["guide", { guide: { weight: 0.4 } }, 0.6, -0.4],
    ["amateur", { amateur: { weight: 0.1, temperature: 2 } }, 1.1, 0.05],
  ] as const)("with an %s alone beside a coupling without weight", async (role, beside, own, weight) => {
    const method = hybrid({ repeat: 2, intra: 0, cross: 0, heat: "none", ...beside } as never);
    const models = { [role]: { model: join(folder, "second.gguf"), instruction: "no {label}" } };
    const rows = await group(method, models);
    const compared = check(
      rows,
      () => own,
      (m, _, step) => ({ logs: logsOf(second, `no ${labelOf(m)}`, tokensOf(rows[m]!).slice(0, step)), weight }),
    );
    expect(compared).toBeGreaterThan(10);
    expect(rows[0]!.partners).toMatchObject([{ row: 4, kind: role, label: "x" }]);
  });

  it("with an early layer", async () => {
    const rows = await group(
      hybrid({ repeat: 2, intra: 0, cross: 0, heat: "none", dola: { layers: [2], weight: 0.2 } } as never),
    );
    const compared = check(
      rows,
      () => 1.2,
      (m, _, step) => ({
        logs: logsOf(first, promptOf(labelOf(m)), tokensOf(rows[m]!).slice(0, step), 2),
        weight: 0.2,
      }),
    );
    expect(compared).toBeGreaterThan(10);
    expect(rows[3]!.partners).toEqual([{ row: 7, kind: "layer", label: "y", repeat: 1 }]);
    expect(rows[3]!.trace![0]!.pushes[0]).toMatchObject({ row: 7, layer: 2 });
  });
});

describe("tokens of a trace", () => {
  it("are those of the row, and their texts make it", async () => {
    const rows = await group(cross({ repeat: 2 }));
    for (const { trace, tokens, text, ending } of rows) {
      expect(trace!.length).toBe(tokens);
      const shown = trace!.filter(({ token }) => token !== endId);
      expect(
        shown
          .map((token) => token.text)
          .join("")
          .trim(),
      ).toBe(text);
      expect(trace!.at(-1)!.token === endId).toBe(ending === "eos");
    }
  });

  it("that ended a row by its own distribution were pushed by nobody", async () => {
    const rows = await group(cross({ repeat: 2 }), {}, { ends: "kept", maxTokens: 40 });
    const ended = rows.filter(({ ending }) => ending === "eos");
    expect(ended.length).toBeGreaterThan(0);
    for (const { trace } of ended)
      expect(trace!.at(-1)).toMatchObject({ isKeptEnd: true, pushes: [], strongest: null });
  });
});
