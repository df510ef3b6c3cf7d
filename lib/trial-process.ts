/** The process of {@link tryTeacher}: loads the model that it is told and answers once. */
import { fewgen } from "./methods/methods.js";
import { preview } from "./plan.js";
import { loadTeacher } from "./teacher.js";
import type { Trial, TrialAnswer, TrialTask } from "./trial.js";

const tokens = 8;

async function trial({ source, device }: TrialTask): Promise<Trial> {
  const started = performance.now();
  await using teacher = await loadTeacher(source, device);
  const secondsToLoad = (performance.now() - started) / 1000;
  const { instances } = await preview(teacher, {
    labels: ["text"],
    prompt: { instruction: "A short {label}", answer: ":", shots: 0 },
    method: fewgen(),
    count: 1,
    sampling: { maxTokens: tokens },
    filters: { unfinished: "keep" },
  });
  return { info: teacher.info, text: instances[0]?.text ?? "", secondsToLoad };
}

process.once("disconnect", () => process.kill(process.pid, "SIGKILL")); // nobody is left to answer
process.once("message", async (task: TrialTask) => {
  const answer: TrialAnswer = await trial(task).then(
    (trial) => ({ trial }),
    ({ code, message }) => ({ error: { code, message } }),
  );
  process.send?.(answer);
});
