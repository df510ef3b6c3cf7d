// One order of close and the rest, by name. Ends with code 0 when all went as it should; a promise that never settles ends
// the process with code 13.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { loadTeacher, plan } from "../../dist/index.js";
import { decoding, drain, longRun, shortRun, shortTask } from "./decoding.mjs";

const closed = { name: "ClosedError", code: "CORRSYNTH_CLOSED" };

const orders = {
  async "right after loading"() {
    await (await loadTeacher("demo")).close();
  },
  async "before iterating"() {
    const teacher = await loadTeacher("demo");
    const run = longRun(teacher);
    await teacher.close();
    await assert.rejects(drain(run), closed);
    await assert.rejects(run.finished, closed);
  },
  async "while the run prepares"() {
    const teacher = await loadTeacher("demo");
    const loop = drain(longRun(teacher));
    await Promise.all([assert.rejects(loop, closed), teacher.close()]);
  },
  async "while decoding"() {
    const teacher = await loadTeacher("demo");
    const { run, loop } = await decoding(teacher);
    await Promise.all([assert.rejects(loop, closed), teacher.close()]);
    await assert.rejects(run.finished, closed);
  },
  async "in the body of the loop"() {
    const teacher = await loadTeacher("demo");
    const loop = async () => {
      for await (const _ of longRun(teacher)) await teacher.close();
    };
    await assert.rejects(loop(), closed);
  },
  async "while the engine waits for the consumer"() {
    const teacher = await loadTeacher("demo");
    const run = longRun(teacher);
    const instances = run[Symbol.asyncIterator]();
    await instances.next();
    await sleep(300);
    await teacher.close();
    await assert.rejects(async () => {
      while (!(await instances.next()).done);
    }, closed);
  },
  async "with two runs at once"() {
    const teacher = await loadTeacher("demo");
    const runs = await Promise.all([decoding(teacher), decoding(teacher)]);
    const loops = runs.map(({ loop }) => assert.rejects(loop, closed));
    await Promise.all([teacher.close(), ...loops]);
  },
  async "while one run decodes and another has ended"() {
    const teacher = await loadTeacher("demo");
    const { loop } = await decoding(teacher);
    assert.equal(await drain(shortRun(teacher)), 4);
    await Promise.all([assert.rejects(loop, closed), teacher.close()]);
  },
  async "while a plan measures"() {
    const teacher = await loadTeacher("demo");
    const measured = plan(teacher, { ...shortTask, count: 400, sampling: { maxTokens: 200 } });
    await Promise.all([assert.rejects(measured, closed), teacher.close()]);
  },
  async "after the run"() {
    const teacher = await loadTeacher("demo");
    assert.equal(await drain(shortRun(teacher)), 4);
    await teacher.close();
  },
  async "after a loop that was left"() {
    const teacher = await loadTeacher("demo");
    for await (const _ of longRun(teacher)) break;
    await teacher.close();
  },
  async "after a loop that was left while the engine waited"() {
    const teacher = await loadTeacher("demo");
    for await (const _ of longRun(teacher)) {
      await sleep(300);
      break;
    }
    await teacher.close();
  },
  async "after an abort while the engine waited"() {
    const teacher = await loadTeacher("demo");
    const controller = new AbortController();
    const instances = longRun(teacher, { signal: controller.signal })[Symbol.asyncIterator]();
    await instances.next();
    await sleep(300);
    controller.abort(new Error("enough"));
    await assert.rejects(instances.next(), { message: "enough" });
    await teacher.close();
  },
  async "after an abort, at once"() {
    const teacher = await loadTeacher("demo");
    const controller = new AbortController();
    const { loop } = await decoding(teacher, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await Promise.all([assert.rejects(loop, { message: "enough" }), teacher.close()]);
  },
  async "twice, and at once"() {
    const teacher = await loadTeacher("demo");
    const { loop } = await decoding(teacher);
    await Promise.all([teacher.close(), teacher.close(), assert.rejects(loop, closed)]);
    await teacher.close();
    assert.equal(teacher.closed, true);
  },
  async "while another teacher loads"() {
    const first = await loadTeacher("demo");
    const { loop } = await decoding(first);
    const [second] = await Promise.all([loadTeacher("demo"), first.close(), assert.rejects(loop, closed)]);
    assert.equal(await drain(shortRun(second)), 4);
    await second.close();
  },
  async "by the end of a block"() {
    let outer;
    const block = async () => {
      const teacher = await loadTeacher("demo");
      try {
        outer = teacher;
        await drain(shortRun(teacher));
      } finally {
        await teacher[Symbol.asyncDispose]();
      }
    };
    await block();
    assert.equal(outer.closed, true);
    await assert.rejects(drain(shortRun(outer)), closed);
  },
  async never() {
    assert.equal(await drain(shortRun(await loadTeacher("demo"))), 4);
  },
  async "never, and the garbage collector takes what it finds"() {
    for (let i = 0; i < 5; i++) {
      const teacher = await loadTeacher("demo");
      for await (const _ of longRun(teacher)) break;
      await drain(shortRun(teacher));
    }
    for (let i = 0; i < 5; i++) {
      globalThis.gc();
      await sleep(5);
    }
  },
};

const order = process.argv[2];
if (order === "--list") console.log(JSON.stringify(Object.keys(orders)));
else await orders[order]();
