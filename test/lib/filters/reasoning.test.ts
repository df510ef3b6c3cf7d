import { expect, it } from "vitest";
import { opensReasoning, withoutReasoning } from "../../../lib/filters/reasoning.js";
import { acceptanceOf, outcomes, row } from "./row.js";

const fish = "small striped fish of shallow reefs.";

it.each([
  ["think", `<think>\nThe user wants an animal. I take a fish.\n</think>\n\n${fish}`],
  ["think, opened by the prompt", `I have to define an animal. I take a fish.\n</think>\n\n${fish}`],
  ["twice", `<think>one</think> no <think>two</think> ${fish}`],
  ["other names", `<reasoning>Let me see.</reasoning><answer>${fish}</answer>`],
  ["seed", `<seed:think>Let me see.</seed:think>${fish}`],
  ["brackets", `[THINK]Let me see.[/THINK]${fish}`],
  ["diamonds", `◁think▷Let me see.◁/think▷${fish}`],
  ["start and end", `<|START_THINKING|>Let me see.<|END_THINKING|><|START_RESPONSE|>${fish}<|END_RESPONSE|>`],
  [
    "thought and solution",
    `<|begin_of_thought|>Let me see.<|end_of_thought|>\n\n<|begin_of_solution|>${fish}<|end_of_solution|>`,
  ],
  [
    "channels",
    `<|channel|>analysis<|message|>Let me see.<|end|><|start|>assistant<|channel|>final<|message|>${fish}<|return|>`,
  ],
  ["channels in plain letters", `analysisWe need a fish.assistantfinal${fish}`],
  ["thought channel", `<|channel>thought\nLet me see.<channel|>${fish}`],
  ["in words", `Here is my thought process:\nA fish.\n\nHere is my response:\n${fish}`],
])("keeps what follows: %s", (_, text) => {
  expect(withoutReasoning(text)).toBe(fish);
});

it.each([
  "<think>\nThe user wants an animal. Let me weigh which one would",
  "<think>\nA fish.\n</think>\n\n",
  "[THINK]Let me",
  "<|channel|>analysis<|message|>The user wants",
  "analysisThe user wants",
  "<Thinking>hm",
])("rejects %j", (text) => {
  expect(withoutReasoning(text)).toBe(undefined);
});

it.each([fish, "I think it is a fish.", "a < b > c", "analysis of the market", "Analysis: shares fell", "1 </b> 2"])(
  "%j is no reasoning",
  (text) => {
    expect(withoutReasoning(text)).toBe(text);
  },
);

it("knows a prompt that opens reasoning and does not close it", () => {
  for (const end of ["<|im_start|>assistant\n<think>\n", "<|assistant|><think>", "[/INST][THINK]", "…◁think▷"]) {
    expect(opensReasoning(end), end).toBe(true);
  }
  for (const end of ["<|im_start|>assistant\n", "<think>\n\n</think>\n\n", "", "<|assistant|>"]) {
    expect(opensReasoning(end), end).toBe(false);
  }
  expect(withoutReasoning("The user wants an animal.", true)).toBe(undefined);
  expect(withoutReasoning(`hm</think>${fish}`, true)).toBe(fish);
});

it("rows are cut or rejected, and say so", () => {
  const texts = [`<think>A fish.</think>\n${fish}`, row("<think>\nThe user", { ending: "length" })];
  expect(outcomes(acceptanceOf({}), texts)).toEqual([fish, "reasoning"]);
  const given = row(`<think>A fish.</think>\n${fish}`);
  expect(acceptanceOf({}).judge(given)).toEqual({ row: { ...given, text: fish, cleaned: true } });
  expect(outcomes(acceptanceOf({ reasoning: false }), [given])).toEqual([given.text]);
});
