import { describe, expect, test } from "vitest";
import { format, turns } from "./format.js";

describe("reasoning", () => {
  const hybrid = `${turns}{% if add_generation_prompt and SWITCH %}<think>\n\n</think>\n\n{% endif %}`;
  //                        switch, what is given, whether it is off, what is said
  const switches: [string, Record<string, unknown>, boolean, string[]][] = [
    [
      "enable_thinking is defined and not enable_thinking",
      {},
      true,
      ["Reasoning is switched off: the chat template is given enable_thinking false"],
    ],
    ["enable_thinking is defined and not enable_thinking", { enable_thinking: true }, false, []],
    ["enable_thinking is defined and not enable_thinking", { enable_thinking: false }, true, []],
    [
      "thinking is defined and not thinking",
      {},
      true,
      ["Reasoning is switched off: the chat template is given thinking false"],
    ],
    [
      "reasoning is defined and not reasoning",
      {},
      true,
      ["Reasoning is switched off: the chat template is given reasoning false"],
    ],
    [
      "thinking_budget is defined and thinking_budget == 0",
      {},
      true,
      ["Reasoning is switched off: the chat template is given thinking_budget 0"],
    ],
    ["not thinking", {}, true, []], // off as it is
    ["reason is defined and not reason", {}, false, []], // a switch that nobody knows
  ];
  test.each(switches)("%s, with %j: off is %s", async (condition, templateArguments, isOff, remarks) => {
    const made = await format(hybrid.replace("SWITCH", condition), { templateArguments });
    expect(made.text).toBe(`<user>Ask<assistant>${isOff ? "<think>\n\n</think>\n\n" : ""}Text:`);
    expect(made.remarks.map((text) => text.split(";")[0])).toEqual(remarks);
  });

  test("an answer prefix stands behind reasoning that is switched off, and nothing else is said", async () => {
    const template = hybrid.replace("SWITCH", "enable_thinking is defined and not enable_thinking");
    const { text, remarks } = await format(template, { hasAnswer: true });
    expect(text).toBe("<user>Ask<assistant><think>\n\n</think>\n\nText:");
    expect(remarks).toHaveLength(1);
  });

  //               what a prompt ends in           the open tag
  const tags: [string, string][] = [
    ["<think>\n", "<think>"],
    ["<|START_THINKING|>", "<|START_THINKING|>"],
    ["[THINK]", "[THINK]"],
    ["<seed:think>", "<seed:think>"],
    ["◁think▷", "◁think▷"],
    ["<|channel|>analysis<|message|>", "<|channel|>analysis<|message|>"],
  ];
  test.each(tags)("a prompt that ends in %j is said to", async (end, tag) => {
    const { remarks } = await format(`${turns}{% if add_generation_prompt %}${end}{% endif %}`);
    expect(remarks).toEqual([
      `The prompts end in an open reasoning tag (${tag}), so each row begins with reasoning; with prompt.answer, the assistant's turn ` +
        "begins without it",
    ]);
  });
  test.each(["</think>\n\n", "<|END_THINKING|>", "[/THINK]", "◁/think▷", "<|channel|>final<|message|>"])(
    "a prompt that ends in %j is not",
    async (end) => {
      const { remarks } = await format(`${turns}{% if add_generation_prompt %}${end}{% endif %}`);
      expect(remarks).toEqual([]);
    },
  );
});
