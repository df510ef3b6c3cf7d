// Two models at one text: what is drawn, against float64; formats apart; what is refused; runs that go on.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  contrastive,
  cross,
  guided,
  type InvalidConfigError,
  loadTeacher,
  type Method,
  plan,
  preview,
  type SynthesisSpec,
  synthesizeTo,
  type Teacher,
} from "../../../lib/index.js";
import { demoModel, outcome, task } from "../helpers/demo.js";
import { idsOf, RandomLlama } from "../helpers/llama.js";

let folder: string;
let beside: string;
let teacher: Teacher;
let random: Teacher;
const [first, second] = [new RandomLlama(11), new RandomLlama(12)];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "corrsynth-second-"));
  beside = join(folder, "second.gguf");
  await writeFile(join(folder, "first.gguf"), first.file());
  await writeFile(beside, second.file());
  teacher = await loadTeacher("demo");
  random = await loadTeacher(join(folder, "first.gguf"));
});
afterAll(async () => {
  await random.close();
  await teacher.close();
  await rm(folder, { recursive: true });
});

const texts = async (model: Teacher, spec: SynthesisSpec) =>
  (await outcome(model, spec)).instances.map(({ text }) => text);

describe("two random models, the likeliest token at each step", () => {
  const letters = [..."abcdefghijklmnopqrstuvwxyz.,: "]; // by id; the last id, 30, ends a text
  const end = letters.length;
  // in float64: ids behind each model's own prompt until the text ends
  function expected(
    prompts: readonly [string, string],
    alpha: number,
    score: (p: number, q: number) => number,
  ): string {
    const written: number[] = [];
    const likely = (model: RandomLlama, prompt: string, id: number) =>
      model.logProbabilities([...idsOf(prompt), ...written, id]).at(-1)!;
    while (written.length < 5) {
      const found = Array.from({ length: end + 1 }, (_, id) => {
        const own = likely(first, prompts[0], id);
        return { id, own, score: score(own, likely(second, prompts[1], id)) };
      });
      const best = Math.max(...found.map(({ own }) => own));
      const plausible = found.filter(({ own }) => own >= best + Math.log(alpha));
      const { id } = plausible.reduce((a, b) => (b.score > a.score ? b : a));
      if (id === end) break;
      written.push(id);
    }
    return written.map((id) => letters[id]).join("");
  }

  test.each<[string, Method, number, (p: number, q: number) => number]>([
    ["contrastive", contrastive(), 0.1, (p, q) => p - q],
    ["contrastive, γ 1.5 δ 1", contrastive({ gamma: 1.5, delta: 1 }), 0.3, (p, q) => 1.5 * p - 0.5 * q],
    ["an amateur at temperature 2", contrastive({ amateurTemperature: 2 }), 0.1, (p, q) => p - q / 2],
    ["guided", guided({ weight: 0.4 }), 1e-3, (p, q) => 0.6 * p + 0.4 * q],
    ["the guide alone", guided({ weight: 1 }), 1e-3, (_, q) => q],
  ])("%s is what float64 says", async (_, method, plausibility, score) => {
    const role = method.name === "guided" ? "guide" : "amateur";
    const made = await texts(random, {
      labels: { one: "one", two: "two" },
      prompt: { instruction: "a {label}", shots: 0 },
      method,
      [role]: { model: beside, instruction: "no {label}" },
      count: 2,
      filters: false,
      sampling: { maxTokens: 5, topK: 1, plausibility },
      engine: { threads: 1, kvType: "f32", flashAttention: false },
    });
    expect(made).toEqual(["one", "two"].map((l) => expected([`a ${l}`, `no ${l}`], plausibility, score).trim()));
  });

  test("they have the same tokens, so that each may be the other's amateur; the demo teacher's are others", async () => {
    const spec = task({ method: contrastive(), amateur: beside, seeds: undefined, prompt: { shots: 0 } });
    const refusal = (await outcome(teacher, spec).catch((error) => error)) as InvalidConfigError;
    expect(refusal.issues).toEqual([
      {
        path: "amateur",
        message: expect.stringMatching(/received ".*second.gguf": token 0 is ".*" .* of the teacher/),
      },
    ]);
    expect(refusal.message).toContain('"a" (normal) of the amateur');
  });
});

describe("the demo teacher beside itself", () => {
  const plain = { seeds: undefined, prompt: { shots: 0 }, engine: { reproducible: true } };
  const at = (temperature: number) => ({ maxTokens: 24, seed: 7, temperature, plausibility: 0.1 });
  const fewgenAt = (temperature: number) => texts(teacher, task({ ...plain, sampling: at(temperature) }));

  test("as its own amateur is FewGen at temperature 1/δ, and as its own guide FewGen", async () => {
    const sampling = at(1);
    const mild = contrastive({ gamma: 1.5, delta: 1 });
    expect(await texts(teacher, task({ ...plain, sampling, method: mild, amateur: "demo" }))).toEqual(
      await fewgenAt(1),
    );
    const half = contrastive({ delta: 0.5 });
    expect(await texts(teacher, task({ ...plain, sampling, method: half, amateur: "demo" }))).toEqual(
      await fewgenAt(2),
    );
    const guide = guided({ weight: 0.5 });
    expect(await texts(teacher, task({ ...plain, sampling, method: guide, guide: "demo" }))).toEqual(await fewgenAt(1));
  });

  test("of weight 0 it is FewGen, and is not loaded: a model that is not there does no harm", async () => {
    const method = guided({ weight: 0 });
    const spec = task({ ...plain, sampling: at(1), method, guide: "no such file.gguf" });
    expect(await texts(teacher, spec)).toEqual(await fewgenAt(1));
  });

  test("another prompt of the amateur changes the rows, and groups decoded together do not", async () => {
    const method = contrastive({ gamma: 1.5, delta: 1 });
    const amateur = { model: "demo", instruction: "Definition of a thing" };
    const spec = { ...plain, sampling: at(1), method, amateur };
    const rows = await texts(teacher, task(spec));
    expect(rows).not.toEqual(await fewgenAt(1));
    expect(await texts(teacher, task({ ...spec, engine: { groups: 3 } }))).toEqual(rows);
    const kept = { ...spec, seeds: task().seeds, prompt: { shots: 1 }, engine: { promptReuse: 4, reproducible: true } };
    expect(await texts(teacher, task(kept))).toEqual(await texts(teacher, task(kept)));
  });

  test("ends may be kept, and a coupling may have it beside its own partners", async () => {
    const method = cross({ contrast: 0.3, heat: "none", amateur: { weight: 0.5 } });
    const sampling = { ...at(1), ends: "kept" as const };
    const amateur = { model: "demo", instruction: "Definition of a thing" };
    const with_ = await outcome(teacher, task({ ...plain, sampling, method, amateur }));
    expect(with_.instances).toHaveLength(16);
    expect(with_.report.secondModelSeconds).toBeGreaterThan(0);
    expect(with_.report.decodedTokens).toBe(2 * with_.report.generatedTokens);
    const without = cross({ contrast: 0.3, heat: "none" });
    expect(with_.instances.map(({ text }) => text)).not.toEqual(
      await texts(teacher, task({ ...plain, sampling, method: without })),
    );
  });

  test("plan tells it and counts its context; preview shows what the method does", async () => {
    const spec = task({ ...plain, method: contrastive({ gamma: 1.5, delta: 1 }), amateur: "demo", count: 4 });
    const found = await plan(teacher, spec);
    const alone = await plan(teacher, task({ ...plain, count: 4 }));
    expect(found.second).toMatchObject({ role: "amateur", rows: 4, kvBytes: alone.kvBytes });
    expect(found.second!.info.path).toBe(demoModel);
    expect(found.kvBytes).toBe(2 * alone.kvBytes);
    expect(found.tokensToDecode).toBe(2 * alone.tokensToDecode);
    expect([found.contrastRows, alone.second]).toEqual([0, null]);
    expect((await preview(teacher, spec)).strength).toMatchObject({ common: 1, teacherAlone: 1.5 });
  });

  test("a chat of a model without a template is told as the amateur's", async () => {
    const amateur = { model: "demo", format: "chat" as const };
    const refusal = await plan(teacher, task({ ...plain, method: contrastive(), amateur })).catch((error) => error);
    expect(refusal.issues).toEqual([{ path: "amateur.format", message: expect.stringContaining("no chat template") }]);
  });

  test("a file that is none is told with its role", async () => {
    const spec = task({ ...plain, method: guided({ weight: 0.5 }), guide: join(folder, "none.gguf") });
    await expect(plan(teacher, spec)).rejects.toThrow(/^The guide: .*none\.gguf/);
  });
});

describe("a run directory", () => {
  test("of a coupling with a guide or layers goes on with these alone, and has the guide's hash", async () => {
    const directory = join(folder, "beside");
    const plain = { seeds: undefined, prompt: { shots: 0 }, engine: { reproducible: true }, count: 4 };
    const guided = (weight: number, count = 4) =>
      task({ ...plain, count, method: cross({ guide: { weight } }), guide: { model: "demo", answer: "" } });
    await synthesizeTo(directory, teacher, guided(0.5));
    const { inputs, teacher: own } = JSON.parse(await readFile(join(directory, "manifest.json"), "utf8"));
    expect(inputs).toEqual({ "guide.model": own.sha256 });
    const refusal = await synthesizeTo(directory, teacher, guided(0.4, 8)).catch((error) => error);
    expect(refusal.issues[0].path).toBe("method.guide.weight");
    await synthesizeTo(directory, teacher, guided(0.5, 8));
    const whole = join(folder, "beside-whole");
    await synthesizeTo(whole, teacher, guided(0.5, 8));
    const data = (path: string) => readFile(join(path, "data.jsonl"), "utf8");
    expect(await data(directory)).toBe(await data(whole));
    const early = (layers: number[]) => task({ ...plain, method: cross({ dola: { layers, weight: 0.1 } }) });
    await synthesizeTo(join(folder, "early"), teacher, early([2]));
    const other = await synthesizeTo(join(folder, "early"), teacher, early([3])).catch((error) => error);
    expect(other.issues[0].path).toMatch(/^method\.dola\.layers/);
  });

  const spec = (amateur: string) =>
    task({
      seeds: undefined,
      prompt: { shots: 0 },
      method: contrastive({ gamma: 1.5, delta: 1 }),
      amateur: { model: amateur, instruction: "Definition of a thing" },
      count: 8,
      engine: { reproducible: true },
    });

  test("goes on with the same second model, wherever it lies, and refuses another", async () => {
    const [here, there, other] = ["a.gguf", "b.gguf", "c.gguf"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const model = await readFile(demoModel);
    await writeFile(here, model);
    await writeFile(there, model);
    await writeFile(other, Buffer.concat([model, Buffer.alloc(32)]));
    const directory = join(folder, "run");
    await synthesizeTo(directory, teacher, spec(here));
    const manifest = JSON.parse(await readFile(join(directory, "manifest.json"), "utf8"));
    expect(manifest.inputs).toEqual({ "amateur.model": expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(manifest.inputs["amateur.model"]).toBe(manifest.teacher.sha256);
    const more = { ...spec(there), count: 16 };
    await synthesizeTo(directory, teacher, more);
    const whole = join(folder, "whole");
    await synthesizeTo(whole, teacher, more);
    expect(await readFile(join(directory, "data.jsonl"), "utf8")).toBe(
      await readFile(join(whole, "data.jsonl"), "utf8"),
    );
    const refusal = await synthesizeTo(directory, teacher, { ...spec(other), count: 24 }).catch((error) => error);
    expect(refusal.issues[0]).toEqual({ path: "amateur.model", message: expect.stringContaining("the SHA-256") });
    const format = { ...more, count: 24, amateur: { model: there, instruction: "Definition of it" } };
    const changed = await synthesizeTo(directory, teacher, format).catch((error) => error);
    expect(changed.issues[0].path).toBe("amateur.instruction");
  });
});
