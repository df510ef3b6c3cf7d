// Worker threads with a teacher of their own, by name. Ends with code 0 when all went as it should.
import assert from "node:assert/strict";
import { on, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { loadTeacher } from "../../dist/index.js";
import { decoding, drain, shortRun } from "./decoding.mjs";

const start = (what) => new Worker(new URL("worker.mjs", import.meta.url), { workerData: what });

async function until(worker, wanted) {
  for await (const [message] of on(worker, "message")) if (message === wanted) return;
}

const cases = {
  async "finishes by itself"() {
    const worker = start("finish");
    await until(worker, 4);
    assert.deepEqual(await once(worker, "exit"), [0]);
  },
  async "terminated while decoding, again and again"() {
    for (let i = 0; i < 6; i++) {
      const worker = start("decode");
      await until(worker, "decoding");
      await sleep(7 * i);
      assert.equal(await worker.terminate(), 1);
    }
  },
  async "terminated while loading"() {
    for (let i = 0; i < 6; i++) {
      const worker = start("decode");
      await until(worker, "begun");
      await sleep(2 * i);
      await worker.terminate();
    }
  },
  async "terminated two at once"() {
    const workers = [start("decode"), start("decode")];
    await Promise.all(workers.map((worker) => until(worker, "decoding")));
    await Promise.all(workers.map((worker) => worker.terminate()));
  },
  async "exits while decoding"() {
    assert.deepEqual(await once(start("exit"), "exit"), [3]);
  },
  async "throws while decoding"() {
    const worker = start("throw");
    const [error] = await once(worker, "error");
    assert.equal(error.message, "nobody catches this");
  },
  async "closes while decoding"() {
    const worker = start("close");
    await until(worker, "CORRSYNTH_CLOSED");
    assert.deepEqual(await once(worker, "exit"), [0]);
  },
  async "is terminated while the main thread decodes, which goes on"() {
    const teacher = await loadTeacher("demo");
    const { loop } = await decoding(teacher);
    const ended = loop.catch((error) => error.code);
    const worker = start("decode");
    await until(worker, "decoding");
    await worker.terminate();
    assert.equal(await drain(shortRun(teacher)), 4);
    await teacher.close();
    assert.equal(await ended, "CORRSYNTH_CLOSED");
  },
  async "decodes while the process exits"() {
    await decoding(await loadTeacher("demo"));
    await until(start("decode"), "decoding");
    process.exit(0);
  },
};

const name = process.argv[2];
if (name === "--list") console.log(JSON.stringify(Object.keys(cases)));
else await cases[name]();
