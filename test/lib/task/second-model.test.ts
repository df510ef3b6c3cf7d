// The fields `amateur` and `guide` of a task.
import { describe, expect, test } from "vitest";
import { contrastive, fewgen, guided, hybrid, type InvalidConfigError, resolveSpec } from "../../../lib/index.js";
import { promptOfSecond } from "../../../lib/task/second-prompt.js";

const base = { labels: ["cat", "dog"], prompt: { instruction: "A {label}", shots: 0 }, count: 2 };

function issuesOf(task: object): [string, string][] {
  try {
    resolveSpec({ ...base, ...task });
  } catch (error) {
    return (error as InvalidConfigError).issues.map(({ path, message }) => [path, message]);
  }
  return [];
}

describe("refused is", () => {
  test.each<[string, object, string, string]>([
    ["a method without its model", { method: contrastive() }, "amateur", 'Expected the model of "contrastive"'],
    ["one without its guide", { method: guided({ weight: 0.5 }) }, "guide", 'Expected the model of "guided"'],
    [
      "an amateur of a coupling without its model",
      { method: hybrid({ amateur: { weight: 0.1 } }) },
      "amateur",
      'Expected the model of "hybrid"',
    ],
    ["a model that no method asks for", { method: fewgen(), amateur: "demo" }, "amateur", "Expected none"],
    [
      "the other field",
      { method: guided({ weight: 0.5 }), guide: "demo", amateur: "demo" },
      "amateur",
      "Expected none",
    ],
    ["no model", { method: contrastive(), amateur: {} }, "amateur.model", "Expected a text"],
    ["an unknown field", { method: contrastive(), amateur: { model: "demo", shots: 2 } }, "amateur", "shots"],
    [
      "a placeholder that nothing fills",
      { method: contrastive(), amateur: { model: "demo", instruction: "A {labl}" } },
      "amateur.instruction",
      "Unknown placeholder {labl}",
    ],
    [
      "a system message of a raw prompt",
      { method: contrastive(), amateur: { model: "demo", system: "You are a cat." } },
      "amateur.system",
      'Expected none with format "raw"',
    ],
    [
      "δ 0 without a plausible set",
      { method: contrastive(), amateur: "demo", sampling: { plausibility: 0 } },
      "sampling.plausibility",
      "Expected more than 0",
    ],
  ])("%s", (_, task, path, message) => {
    expect(issuesOf(task)).toEqual([[path, expect.stringContaining(message)]]);
  });
});

test("a path alone is a model whose prompts are the task's; a resolved task stays one", () => {
  const spec = resolveSpec({ ...base, method: contrastive(), amateur: "demo" });
  expect(spec.amateur).toEqual({ model: "demo" });
  expect(spec.sampling.plausibility).toBe(0.1);
  expect(resolveSpec({ ...base, method: contrastive(), amateur: spec.amateur }).amateur).toEqual({ model: "demo" });
  expect(resolveSpec({ ...base, method: fewgen() }).sampling.plausibility).toBe(1e-3);
});

describe("the second model's prompt", () => {
  const chat = resolveSpec({
    ...base,
    prompt: { ...base.prompt, format: "chat", system: "Be brief.", template: { jinja: "{{ x }}" } },
  }).prompt;

  test("is the task's, without the template that belongs to the teacher", () => {
    const { template: _, ...rest } = chat;
    expect(promptOfSecond(chat, { model: "demo" })).toEqual(rest);
  });

  test("raw beside a chat, it has no system message, and its examples are text", () => {
    const prompt = promptOfSecond(chat, { model: "demo", format: "raw", answer: "Text:" });
    expect(prompt).toMatchObject({ format: "raw", examples: "text", instruction: "A {label}", answer: "Text:" });
    expect(prompt).not.toHaveProperty("system");
  });
});
