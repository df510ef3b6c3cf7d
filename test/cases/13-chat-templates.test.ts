// Case 13: templates that ask whether there are tools, and templates that take content in parts.
import { expect, test } from "vitest";
import { previewWith } from "./template.js";

test.each([
  ["13-tools-loop.jinja", "<|user|>Write a definition of an animal.<|end|><|assistant|>"],
  ["13-typed-content.jinja", "USER: Write a definition of an animal.\nASSISTANT: "],
])("%s", async (template, prompt) => {
  const { prompts, warnings } = await previewWith("13-template.yaml", template);
  expect(prompts[0]?.text.trimEnd()).toBe(prompt.trimEnd());
  expect(warnings).toEqual([]);
});
