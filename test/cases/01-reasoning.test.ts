// Case 01: models that reason. The switch of a template is used, an open one is told, what is written all the same is cut.
import { expect, test } from "vitest";
import { acceptanceOf, outcomes, row } from "../lib/filters/row.js";
import { previewWith } from "./template.js";

test("a template that knows a switch gets it, and preview says so", async () => {
  const { prompts, notes, warnings } = await previewWith("01-reasoning.yaml", "01-hybrid-reasoning.jinja");
  expect(prompts[0]?.text).toBe(
    "<|im_start|>user\nWrite a definition of an animal.<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n",
  );
  expect(notes).toEqual([expect.stringMatching(/^Reasoning is switched off: .* enable_thinking false/)]);
  expect(warnings).toEqual([]);
});

test("templateArguments reach the template", async () => {
  const { prompts } = await previewWith("01-reasoning.yaml", "01-hybrid-reasoning.jinja", {
    templateArguments: { enable_thinking: true },
  });
  expect(prompts[0]?.text).toMatch(/<\|im_start\|>assistant\n$/);
});

test("a template that always opens reasoning is told", async () => {
  const { prompts, warnings } = await previewWith("01-reasoning.yaml", "01-always-reasoning.jinja");
  expect(prompts[0]?.text).toMatch(/<\|assistant\|><think>\n?$/);
  expect(warnings.join("\n")).toMatch(/reasoning/i);
});

const fish = "small striped fish of reefs.";
//         what the model writes, how it ends, what becomes of it
test.each([
  [`<think>\nThe user wants an animal. I take a fish.\n</think>\n\n${fish}`, "eos", fish],
  ["<think>\nThe user wants an animal. Let me weigh which one would", "length", "reasoning"],
  [`I have to define an animal. I take a fish.\n</think>\n\n${fish}`, "eos", fish],
] as const)("%j", (text, ending, outcome) => {
  expect(outcomes(acceptanceOf({}), [row(text, { ending })])).toEqual([outcome]);
});
