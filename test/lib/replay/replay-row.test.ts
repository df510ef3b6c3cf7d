// Rows of runs made again: the same tokens for every method, whatever became of the row; and the same prompt without contrast.
import { appendFile, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import {
  cfg,
  contextAware,
  contrastive,
  coupling,
  cross,
  dola,
  fewgen,
  fewgenMatched,
  guided,
  hybrid,
  intra,
  loadTeacher,
  type Method,
  replayRow,
  type SynthesisSpec,
  synthesizeRounds,
  synthesizeTo,
  type Teacher,
} from "../../../lib/index.js";
import { readJournal, readRejected, readRun } from "../../../lib/io.js";
import { demoModel, type Overrides, seeds, task, weightMatrix } from "../helpers/demo.js";

let folder: string;
let teacher: Teacher;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "corrsynth-replay-"));
  teacher = await loadTeacher("demo");
});
afterAll(async () => {
  await teacher.close();
  await rm(folder, { recursive: true });
});

let runs = 0;
/** A run of the demo teacher in a directory of its own. */
async function runOf(spec: SynthesisSpec): Promise<string> {
  const directory = join(folder, `run-${runs++}`);
  await synthesizeTo(directory, teacher, spec);
  return directory;
}
const reproducible = (overrides: Overrides) =>
  task({ count: 8, ...overrides, engine: { reproducible: true, ...overrides.engine } });

/** All rows that a run kept. */
async function rowsOf(directory: string) {
  const { rows } = await readRun(directory, { reviewed: false });
  const found = rows.map(({ text, fields }) => ({
    id: String(fields.id),
    text,
    reason: undefined as string | undefined,
  }));
  for await (const { id, text, reason } of readRejected(directory)) found.push({ id, text, reason });
  return found;
}

const contexts = ["animal", "plant", "food", "person"].map((label) => ({ label, text: `as the ${label} of a field` }));
const methods: [string, Overrides][] = [
  ["fewgen", { method: fewgen() }],
  ["fewgen-matched", { method: fewgenMatched({ match: intra({ repeat: 2 }) as never }) }],
  ["cross", { method: cross() }],
  ["intra", { method: intra({ repeat: 2 }) }],
  ["hybrid", { method: hybrid({ repeat: 2 }) }],
  ["hybrid, ends kept, a warm-up", { method: hybrid({ repeat: 2 }), sampling: { ends: "kept", warmUp: 3 } }],
  [
    "cross, of which two tokens are contrasted",
    { method: cross({ contrast: 2, heat: "none" }), sampling: { contrastTokens: 2 } },
  ],
  ["hybrid of examples that groups share", { method: hybrid({ repeat: 2 }), engine: { promptReuse: "auto" } }],
  ["a matrix", { method: coupling({ weights: weightMatrix(4, (m, n) => (m + n) / 20) }) }],
  ["cfg across labels", { method: cfg({ kind: "cross" }) }],
  ["cfg within labels", { method: cfg({ kind: "hybrid", repeat: 2 }) }],
  ["cfg by a prompt", { method: cfg({ kind: "prompt", negative: "Definition of a thing:" }) }],
  [
    "context-aware decoding",
    {
      method: contextAware({ gamma: 1.5, delta: 1 }),
      contexts,
      prompt: { instruction: "Definition of {label}, {context}", withoutContext: "Definition of {label}", shots: 0 },
      seeds: undefined,
    },
  ],
  ["an amateur", { method: contrastive(), amateur: "demo" }],
  ["a guide", { method: guided({ weight: 0.4 }), guide: "demo" }],
  ["early layers", { method: dola({ layers: "low" }) }],
  ["cross with a layer", { method: cross({ dola: { layers: [2, 3], weight: 0.1 } }) }],
];

describe("every row that a run kept comes out again", () => {
  test.each(methods)("%s", async (_, overrides) => {
    const filters = { keepRejected: true, minWords: 4, unfinished: "keep" as const };
    const directory = await runOf(reproducible({ ...overrides, filters }));
    const rows = await rowsOf(directory);
    expect(rows.length).toBeGreaterThanOrEqual(8);
    const some = [
      ...rows.filter(({ reason }) => reason).slice(0, 4),
      ...rows.filter(({ reason }) => !reason).slice(0, 6),
    ];
    for (const { id, text, reason } of some) {
      const found = await replayRow(directory, id, { teacher });
      const { stored, isSame, doubts } = found;
      expect({ id, isSame, doubts, stored: stored?.text, reason: stored?.reason }).toEqual({
        ...{ id, isSame: true, doubts: [], stored: text, reason },
      });
      expect(reason === undefined ? found.kept : [found.kept, found.text]).toEqual(
        reason === undefined ? text : expect.arrayContaining([text]),
      );
    }
  });
});

describe("without contrast", () => {
  test.each<[string, Method, Method]>([
    ["hybrid", hybrid({ repeat: 2 }), fewgen({ repeat: 2 })],
    ["cross", cross(), fewgen()],
    ["cfg", cfg({ kind: "cross" }), fewgen()],
  ])("%s is FewGen with the same seed and prompts, token for token", async (_, method, plain) => {
    const [contrasted, alone] = [await runOf(reproducible({ method })), await runOf(reproducible({ method: plain }))];
    const wanted = new Map((await rowsOf(alone)).map(({ id, text }) => [id, text]));
    let others = 0;
    for (const { id } of await rowsOf(contrasted)) {
      const found = await replayRow(contrasted, id, { teacher, withoutContrast: true, trace: true });
      expect(found.withoutContrast?.text).toBe(wanted.get(id));
      expect(found.withoutContrast?.trace?.every(({ pushes }) => pushes.length === 0)).toBe(true);
      if (found.text !== found.withoutContrast?.text) others++;
    }
    expect(others).toBeGreaterThan(0);
  });
});

describe("a group that made up for rejected rows", () => {
  const names = ["animal", "plant", "food", "person", "tool", "place", "event", "feeling"];
  const lacking = (method: Method, engine: object) =>
    task({
      labels: Object.fromEntries(names.map((name) => [name, `a ${name}`])),
      ...{ seeds: undefined, prompt: { shots: 0 }, count: 8, method, engine },
      filters: {
        ...{ unfinished: "keep", duplicates: false, nearDuplicates: false, runOns: false, script: false },
        ...{ repetition: false, keepRejected: true },
        accept: ({ label, group }) => label !== "tool" || group >= 3 || "test",
      },
    });

  test.each<[string, Method, object]>([
    ["of FewGen", fewgen(), { groups: 1 }],
    ["of Cross", cross(), { groups: 1 }],
    ["of Intra", intra({ repeat: 2 }), { groups: 1 }],
    ["of labels that take turns", cross({ labelsPerGroup: 4 }), { groups: 1 }],
    ["that was whole", cross(), { reproducible: true }],
  ])("%s", async (_, method, engine) => {
    const directory = await runOf(lacking(method, engine));
    const rows = await rowsOf(directory);
    expect(rows.some(({ id }) => Number(id.split(".")[0]) >= 3)).toBe(true);
    for (const { id } of rows) expect(await replayRow(directory, id, { teacher })).toMatchObject({ isSame: true });
  });
});

describe("a row", () => {
  it("of which the run kept nothing comes out all the same, with why the filters refuse it", async () => {
    const directory = await runOf(reproducible({ filters: { minWords: 7, unfinished: "keep" } }));
    const { entries } = await readJournal(join(directory, "journal.jsonl"));
    const refused = entries.flatMap(({ group, labels }) =>
      labels.flatMap(({ rejected }, m) => (rejected.short ? [`${group}.${m}`] : [])),
    );
    expect(refused.length).toBeGreaterThan(0);
    for (const id of refused) {
      const found = await replayRow(directory, id, { teacher });
      expect(found).toMatchObject({ stored: null, isSame: null, kept: null, reason: "short" });
      expect(found.text.split(" ").length).toBeLessThan(7);
    }
  });

  it("that a person edited is compared with what the run wrote", async () => {
    const directory = await runOf(reproducible({}));
    const decision = { row: "0.1", rejected: false, label: "food", text: "another text" };
    await appendFile(join(directory, "review.jsonl"), `${JSON.stringify(decision)}\n`);
    const found = await replayRow(directory, "0.1", { teacher });
    expect(found).toMatchObject({ isSame: true, label: "plant", decision });
  });

  it("whose prompt names words of the rows before comes out again", async () => {
    const prompt = { instruction: "Definition of {label}, without {taboo}", shots: 0 };
    const directory = await runOf(reproducible({ prompt, seeds: undefined, count: 40 }));
    const [first, last] = [
      await replayRow(directory, "0.0", { teacher }),
      await replayRow(directory, "9.0", { teacher }),
    ];
    expect([first.isSame, last.isSame]).toEqual([true, true]);
    expect(last.prompt).not.toBe(first.prompt);
  });

  it("of a round is named with the round, from the rounds and from their dataset", async () => {
    const directory = join(folder, "rounds");
    await synthesizeRounds(directory, teacher, reproducible({ prompt: { shots: 2 } }), { policy: "self", rounds: 2 });
    for (const [path, id] of [
      [directory, "1:0.0"],
      [directory, "2:0.1"],
      [join(directory, "dataset"), "2:0.2"],
    ] as const) {
      expect(await replayRow(path, id, { teacher })).toMatchObject({ isSame: true, id });
    }
    await expect(replayRow(directory, "0.0", { teacher })).rejects.toThrow(/put its round before it/);
    await expect(replayRow(join(directory, "round-1"), "1:0.0", { teacher })).rejects.toThrow(/one of rounds/);
  });

  it("of a run whose groups were decoded together has a doubt, one of a group at a time none", async () => {
    const [together, alone] = [await runOf(task({ count: 8 })), await runOf(task({ count: 8, engine: { groups: 1 } }))];
    const found = await replayRow(together, "0.0", { teacher });
    expect(found.doubts).toEqual([expect.stringContaining("engine.reproducible")]);
    expect((await replayRow(alone, "0.0", { teacher })).doubts).toEqual([]);
  });

  it("of another machine or version has a doubt for each", async () => {
    const directory = await runOf(reproducible({}));
    await changed(directory, (manifest) => {
      manifest.versions = { corrsynth: "0.0.1", llamaCpp: "abc" };
      manifest.device = { gpus: [], platform: "plan9", arch: "mips", processor: "none" };
    });
    const { doubts, isSame } = await replayRow(directory, "0.0", { teacher });
    expect(isSame).toBe(true);
    expect(doubts).toEqual([
      expect.stringContaining("corrsynth 0.0.1"),
      expect.stringContaining("llama.cpp abc"),
      expect.stringContaining("none, plan9 mips"),
    ]);
  });

  it("is stopped by its signal, and leaves a teacher that it was given open", async () => {
    const directory = await runOf(reproducible({}));
    const stop = AbortSignal.abort(new Error("enough"));
    await expect(replayRow(directory, "0.0", { teacher, signal: stop })).rejects.toThrow("enough");
    await replayRow(directory, "0.0", { teacher });
    expect(teacher.closed).toBe(false);
    expect((await replayRow(directory, "0.0")).isSame).toBe(true); // by the manifest's path
  });
});

// biome-ignore lint/suspicious/noExplicitAny: a manifest that is damaged on purpose
async function changed(directory: string, change: (manifest: any) => void): Promise<void> {
  const path = join(directory, "manifest.json");
  const manifest = JSON.parse(await readFile(path, "utf8"));
  change(manifest);
  await writeFile(path, JSON.stringify(manifest));
}

describe("refused", () => {
  const file = async () => {
    const path = join(folder, `seeds-${runs}.jsonl`);
    await writeFile(path, seeds.map((seed) => `${JSON.stringify(seed)}\n`).join(""));
    return path;
  };
  const cases: [string, string, RegExp, (directory: string, seeds: string) => Promise<unknown>][] = [
    [
      "an id that is none",
      "CORRSYNTH_INVALID_CONFIG",
      /id: Expected the id of a row.*"x"/,
      (run) => replayRow(run, "x"),
    ],
    [
      "a group that it has not",
      "CORRSYNTH_INVALID_CONFIG",
      /id: .*numbers 0 to 1.*"7.0"/,
      (run) => replayRow(run, "7.0"),
    ],
    [
      "a row that the group has not",
      "CORRSYNTH_INVALID_CONFIG",
      /id: .*\(0 to 3\).*"0.9"/,
      (run) => replayRow(run, "0.9"),
    ],
    ["no run", "CORRSYNTH_INVALID_CONFIG", /Expected a run directory/, () => replayRow(folder, "0.0")],
    ["likely", "CORRSYNTH_INVALID_CONFIG", /likely: Expected/, (run) => replayRow(run, "0.0", { likely: 101 })],
    [
      "seeds that are gone",
      "CORRSYNTH_NOT_REPRODUCIBLE",
      /seeds: .*ENOENT.*cannot be rendered again.*--seeds/,
      async (run, path) => {
        await rename(path, `${path}.moved`);
        return replayRow(run, "0.0");
      },
    ],
    [
      "seeds that were changed",
      "CORRSYNTH_NOT_REPRODUCIBLE",
      /seeds: .*SHA-256 "[0-9a-f]{64}"/,
      async (run, path) => {
        await appendFile(path, `${JSON.stringify({ label: "food", text: "one more" })}\n`);
        return replayRow(run, "0.0");
      },
    ],
    [
      "another model",
      "CORRSYNTH_NOT_REPRODUCIBLE",
      /teacher: .*SHA-256 "00ff".*--teacher/,
      async (run) => {
        await changed(run, (manifest) => {
          manifest.teacher.sha256 = "00ff";
        });
        return replayRow(run, "0.0");
      },
    ],
    [
      "a model that is gone",
      "CORRSYNTH_NOT_REPRODUCIBLE",
      /teacher: .*gone\.gguf.*--teacher/,
      async (run) => {
        await changed(run, (manifest) => {
          manifest.teacher.path = join(folder, "gone.gguf");
        });
        return replayRow(run, "0.0");
      },
    ],
    [
      "settings that are no settings",
      "CORRSYNTH_NOT_REPRODUCIBLE",
      /settings: .*method/,
      async (run) => {
        await changed(run, (manifest) => {
          delete manifest.settings.method;
        });
        return replayRow(run, "0.0");
      },
    ],
    [
      "another seed than the rows were made with",
      "CORRSYNTH_NOT_REPRODUCIBLE",
      /group 0: Expected row \d to have the examples .*they are others/,
      async (run) => {
        await changed(run, (manifest) => {
          manifest.settings.sampling.seed = 8;
        });
        return replayRow(run, "0.0");
      },
    ],
    [
      "seeds that a program gave once",
      "CORRSYNTH_NOT_REPRODUCIBLE",
      /seeds: .*given by a program/,
      async (run) => {
        await changed(run, (manifest) => {
          manifest.settings.seeds = {};
        });
        return replayRow(run, "0.0");
      },
    ],
  ];
  test.each(cases)("%s", async (_, code, message, attempt) => {
    const path = await file();
    const directory = await runOf(reproducible({ seeds: path }));
    await expect(attempt(directory, path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it("not, when it is said where seeds and model are now", async () => {
    const path = await file();
    const directory = await runOf(reproducible({ seeds: path }));
    await rename(path, `${path}.moved`);
    await changed(directory, (manifest) => {
      manifest.teacher.path = "gone.gguf";
    });
    const found = await replayRow(directory, "0.0", { teacher: demoModel, seeds: `${path}.moved` });
    expect(found.isSame).toBe(true);
  });
});
