// An engine that fails in the midst of a run: what it had made is handed out, then the error.
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadTeacher, synthesize, type Teacher } from "../../../lib/index.js";
import { task } from "../helpers/demo.js";
import { withGenerations } from "../helpers/device.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

type Constructor = Parameters<Parameters<typeof withGenerations>[0]>[0];

/** Engines that fail when they have made so many groups. */
function failingAfter(most: number): (real: Constructor) => Constructor {
  return (real) =>
    function Generation(...[model, options, onEvent]: ConstructorParameters<Constructor>) {
      let groups = 0;
      const native = new real(model, options, (event) => {
        if (event.type === "end") onEvent({ ...event, error: Object.assign(new Error("a NaN"), { code: "DECODE" }) });
        else if (event.type !== "group" || groups < most) onEvent(event);
        if (event.type === "group" && ++groups === most) native.cancel();
      });
      return native;
    } as unknown as Constructor;
}

test("the instances of finished groups are yielded and their groups delivered before the run rejects", async () => {
  const log: (string | number)[] = [];
  await withGenerations(failingAfter(2), async () => {
    const run = synthesize(teacher, task({ count: 400, engine: { groups: 1 } }), {
      onGroup: ({ group }) => void log.push(group),
    });
    const loop = async () => {
      for await (const { id } of run) {
        log.push(id);
        await new Promise((resolve) => setTimeout(resolve, 100)); // the engine fails meanwhile
      }
    };
    await expect(loop()).rejects.toMatchObject({ code: "CORRSYNTH_ENGINE", message: "a NaN" });
    await expect(run.finished).rejects.toMatchObject({ message: "a NaN" });
  });
  expect(log).toEqual(["0.0", "0.1", "0.2", "0.3", 0, "1.0", "1.1", "1.2", "1.3", 1]);
});
