// Mutates task files, seeds, tables, journals, manifests and rows, and hands them to all that reads them: the library's functions and the
// commands. Says as JSON what came of them: { cases, accepted, refused, slowest, byKind }; ends with an error at the first that is
// told in any other way than as an error with a code, that hangs, or of which rows come that nobody wrote.
//   node test/lifetime/fuzz-files.mjs [--cases 10000] [--seconds N] [--seed 1] [--only 4711]
// --seconds: no further case is begun then.
// --only: that one case, with what it was told.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import { description, seeds as seedLines, task as wholeTask, writeRun } from "./fuzz-corpus.mjs";
import { mutated } from "./fuzz-mutations.mjs";
import { integersFrom } from "./random.mjs";

const patience = 20_000; // milliseconds; the slowest case takes a fraction of a second

if (isMainThread) await supervise();
else await work(workerData);

async function supervise() {
  const { values } = parseArgs({
    options: {
      cases: { type: "string", default: "10000" },
      seconds: { type: "string", default: "Infinity" },
      seed: { type: "string", default: "1" },
      only: { type: "string" },
    },
  });
  const only = values.only === undefined ? undefined : Number(values.only);
  const [from, to] = only === undefined ? [0, Number(values.cases)] : [only, only + 1];
  const directory = mkdtempSync(join(tmpdir(), "corrsynth-files-"));
  const worker = new Worker(new URL(import.meta.url), {
    workerData: {
      from,
      to,
      seconds: Number(values.seconds),
      seed: Number(values.seed),
      directory,
      isShown: only !== undefined,
    },
  });
  const counts = { cases: 0, accepted: 0, refused: 0, slowest: { case: -1, kind: "", ms: 0 }, byKind: {} };
  let hang;
  let next = from;
  const arm = () => {
    clearTimeout(hang);
    hang = setTimeout(() => {
      console.error(`case ${next} of seed ${values.seed} hangs; its files are in ${directory}`);
      process.exit(1);
    }, patience);
  };
  arm();
  worker.on("message", ({ number, kind, outcome, ms }) => {
    next = number + 1;
    counts.cases++;
    counts[outcome]++;
    counts.byKind[kind] ??= { accepted: 0, refused: 0 };
    counts.byKind[kind][outcome]++;
    if (ms > counts.slowest.ms) counts.slowest = { case: number, kind, ms: Math.round(ms) };
    arm();
  });
  worker.on("error", (error) => {
    console.error(`case ${next} of seed ${values.seed}; its files are in ${directory}\n${error.stack}`);
    process.exit(1);
  });
  worker.on("exit", () => {
    clearTimeout(hang);
    rmSync(directory, { recursive: true });
    console.log(JSON.stringify(counts));
  });
}

async function work({ from, to, seconds, seed, directory, isShown }) {
  const end = performance.now() + 1000 * seconds;
  const cases = await fuzzer(directory, isShown);
  for (let number = from; number < to && performance.now() < end; number++) {
    const kinds = Object.keys(cases);
    const kind = kinds[number % kinds.length];
    const random = integersFrom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
    const begun = performance.now();
    const outcome = await cases[kind](random, number);
    parentPort.postMessage({ number, kind, outcome, ms: performance.now() - begun });
  }
}

async function fuzzer(directory, isShown) {
  const { CorrSynthError, errorCodes, ModelLoadError } = await import("../../dist/errors.js");
  const { exportRun, mergeRuns, readRun, readTable, runStatus } = await import("../../dist/io.js");
  const { checkTask } = await import("../../dist/run/check-task.js");
  const { RunDirectory } = await import("../../dist/store/run-directory.js");
  const { readTaskFile } = await import("../../dist/cli/task-file.js");
  const { presets } = await import("../../dist/cli/presets.js");
  const { runCli } = await import("../../dist/cli/program.js");
  const { readSeeds } = await import("../../dist/prompt/seeds.js");
  const { resolveSpec } = await import("../../dist/task/spec.js");

  /** Calls a function that may refuse, in words and with a code. */
  async function guarded(action) {
    try {
      return { value: await action() };
    } catch (error) {
      if (isShown) console.error(error.message);
      assert(error instanceof CorrSynthError, `not an error of this package: ${error.stack ?? error}`);
      assert(error.code in errorCodes && error.message.length > 20, error.stack);
      assert(
        error.message.length < 50_000,
        `a message of ${error.message.length} characters: ${error.message.slice(0, 2000)}`,
      );
      return { error };
    }
  }

  const library = {
    resolveSpec,
    checkTask,
    loadTeacher: () => Promise.reject(new ModelLoadError("No model is loaded here")),
    loadEmbedder: () => Promise.reject(new ModelLoadError("No model is loaded here")),
  };

  /** Runs a command, which must end with an exit code that says what was wrong. */
  async function command(...args) {
    let stderr = "";
    const stream = (write) => ({ write, isTty: false, columns: 100 });
    const streams = {
      stdout: stream(() => {}),
      stderr: stream((text) => {
        stderr += text;
      }),
    };
    const environment = { library, ...streams, signal: new AbortController().signal, now: () => performance.now() };
    const code = await runCli(args, environment);
    if (isShown) console.error(args.join(" "), code, stderr);
    assert(
      code === 0 || (code === 2 && (args[0] === "status" || /CORRSYNTH_\w+/.test(stderr))),
      `${args.join(" ")}: exit code ${code}, ${stderr.slice(0, 2000)}`,
    );
    assert(!/\n\s+at |TypeError|RangeError/.test(stderr), stderr.slice(0, 2000));
    assert(
      !/\p{Cc}/u.test(stderr.replaceAll("\n", "")),
      `control characters for a terminal: ${JSON.stringify(stderr.slice(0, 2000))}`,
    );
    return code;
  }

  const labels = [{ name: "animal" }, { name: "plant" }];
  const yaml = [...Object.values(presets).map(({ task }) => task())].map((text) => Buffer.from(text));
  const json = Buffer.from(JSON.stringify(wholeTask, null, 1));
  const seeds = Buffer.from(seedLines);

  async function task(file, bytes, number) {
    writeFileSync(file, bytes);
    const read = await guarded(() => readTaskFile(file));
    let isSound = false;
    if (read.value) {
      const { error } = await guarded(() => resolveSpec(read.value.spec));
      isSound = error === undefined;
      if (error) await guarded(() => Promise.reject(read.value.locate(error)));
    }
    if (number % 5 === 0) await command("plan", file);
    assert.equal({}.polluted, undefined);
    return isSound ? "accepted" : "refused";
  }

  const original = join(directory, "original");
  await writeRun(RunDirectory, original);
  const rows = readFileSync(join(original, "data.jsonl"));
  const exported = join(directory, "rows.jsonl");
  await exportRun(original, { format: "jsonl", out: exported });
  const whole = readFileSync(exported, "utf8");

  const csv = join(directory, "rows.csv");
  const hf = join(directory, "hf");
  await exportRun(original, { format: "csv", out: csv });
  await exportRun(original, { format: "hf", out: hf });
  const csvBytes = readFileSync(csv);
  const tables = {
    "t.csv": csvBytes,
    "t.txt": Buffer.from(csvBytes.toString("utf8").replaceAll('","', '";"')),
    "t.tsv": Buffer.from(`\ufeff${csvBytes.toString("utf8").replaceAll('","', '"\t"')}`, "utf16le"),
    "t.json": Buffer.from(`[${whole.trim().replaceAll("\n", ",\n")}]`),
    "t.csv.gz": gzipSync(csvBytes),
    "t.parquet": readFileSync(join(hf, "data/train-00000-of-00001.parquet")),
  };

  async function table(random) {
    const names = Object.keys(tables);
    const name = names[random(names.length)];
    const file = join(directory, name);
    writeFileSync(file, mutated(tables[name], random));
    const { error } = await guarded(() => readTable(file, random(2) ? {} : { label: null }));
    return error === undefined ? "accepted" : "refused";
  }

  async function stored(name, random, number) {
    const path = join(directory, "run");
    rmSync(path, { recursive: true, force: true });
    cpSync(original, path, { recursive: true });
    writeFileSync(join(path, name), mutated(readFileSync(join(original, name)), random));
    await guarded(() => runStatus(path));
    await guarded(() => readRun(path));
    let text = "";
    await guarded(() =>
      exportRun(path, {
        format: "jsonl",
        columns: "basic",
        partial: true,
        out: (part) => {
          text += part;
        },
      }),
    );
    if (name !== "manifest.json") assert(whole.startsWith(text), "an export has rows that were not written");
    const out = join(directory, "joined");
    rmSync(out, { recursive: true, force: true });
    const joined = await guarded(() => mergeRuns([path], out));
    if (joined.value && name !== "manifest.json")
      assert(readFileSync(join(out, "data.jsonl")).equals(rows), "a merge has other rows");
    if (number % 5 === 0) {
      await command("status", path);
      rmSync(`${out}.csv`, { force: true });
      await command("export", path, "--partial", "--format", "csv", "--out", `${out}.csv`);
      rmSync(`${out}.hf`, { recursive: true, force: true });
      await command("export", path, "--partial", "--format", "hf", "--columns", "all", "--out", `${out}.hf`);
    }
    if (number % 97 < 2)
      await command("evaluate", path, "--embedder", "none", "--ner", "none", "--progress", "none", "--out", out);
    const opened = await guarded(() => RunDirectory.open(path));
    if (opened.error) return "refused";
    const run = opened.value;
    try {
      const { error } = await guarded(async () => {
        run.check(description);
        for await (const _ of run.checkpoint?.accepted ?? []);
        await run.begin(description);
        await run.close({ state: "failed", reason: "of the fuzzer" }); // cuts off what is no whole group
      });
      if (error) return "refused";
      assert(
        rows.subarray(0, readFileSync(join(path, "data.jsonl")).length).equals(readFileSync(join(path, "data.jsonl"))),
        "a run goes on behind rows that were not written",
      );
      return "accepted";
    } finally {
      await run.release();
    }
  }

  return {
    yaml: (random, number) => task(join(directory, "task.yaml"), mutated(yaml[random(yaml.length)], random), number),
    journal: (random, number) => stored("journal.jsonl", random, number),
    json: (random, number) =>
      task(join(directory, random(2) ? "task.json" : "task.txt"), mutated(json, random), number),
    manifest: (random, number) => stored("manifest.json", random, number),
    seeds: async (random, number) => {
      if (number % 12 < 6) return await table(random);
      const file = join(directory, "seeds.jsonl");
      writeFileSync(file, mutated(seeds, random));
      const { error } = await guarded(() => readSeeds(file, labels, random(2) ? "seeds" : "contexts"));
      return error === undefined ? "accepted" : "refused";
    },
    data: (random, number) => stored("data.jsonl", random, number),
  };
}
