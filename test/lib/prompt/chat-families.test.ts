// What the ten most used families of open models, and templates of unusual shape, make of a chat: exact texts. The
// templates are written anew from the documented formats.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fillChatFrame } from "../../../lib/prompt/chat-frame.js";
import { type ChatFormat, type ChatWishes, readChatFormat } from "../../../lib/prompt/chat-template.js";

interface Family {
  /** How a prompt begins without a system message, and with "Be brief."; undefined where that is refused. */
  readonly begin: string;
  readonly system: string | undefined;
  readonly user: (text: string) => string;
  readonly assistant: (text: string) => string;
  /** How the assistant's turn begins. */
  readonly end: string;
  /** The same with the answer prefix "Text:", where that is not just behind it. */
  readonly prefilled?: string;
  /** The last user's turn with the system message, where it stands there. */
  readonly lastWithSystem?: string;
  readonly bos?: string;
  readonly eos?: string;
  readonly notes?: readonly string[];
  readonly warnings?: readonly string[];
}

const im = (role: string) => (text: string) => `<|im_start|>${role}\n${text}<|im_end|>\n`;
const header = (role: string) => (text: string) => `<|start_header_id|>${role}<|end_header_id|>\n\n${text}<|eot_id|>`;
const llamaDates = "Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n";
const granite = (role: string) => (text: string) => `<|start_of_role|>${role}<|end_of_role|>${text}<|end_of_text|>\n`;
const graniteSystem =
  "Knowledge Cutoff Date: April 2024.\nToday's Date: July 26, 2024.\nYou are Granite, developed by IBM.";
const command = (role: string) => (text: string) =>
  `<|START_OF_TURN_TOKEN|><|${role}_TOKEN|>${text}<|END_OF_TURN_TOKEN|>`;
const gemma = (role: string) => (text: string) => `<start_of_turn>${role}\n${text}<end_of_turn>\n`;
const harmonySystem =
  "<|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.\nKnowledge cutoff: 2024-06\n" +
  "Current date: 2024-07-26\n\nReasoning: medium\n\n" +
  "# Valid channels: analysis, commentary, final. Channel must be included for every message.<|end|>";
const own = (text: string, remedy: string) =>
  `The chat template puts a text of its own before the instruction: "${text}"; ${remedy}`;
const replaced = 'prompt.system replaces it, "" leaves it out';
const kept = "prompt.system does not replace it";

const families: Record<string, Family> = {
  "qwen2.5": {
    begin: im("system")("You are Qwen, created by Alibaba Cloud. You are a helpful assistant."),
    system: im("system")("Be brief."),
    user: im("user"),
    assistant: im("assistant"),
    end: "<|im_start|>assistant\n",
    notes: [own("You are Qwen, created by Alibaba Cloud. You are a helpful assistant.", replaced)],
  },
  qwen3: {
    begin: "",
    system: im("system")("Be brief."),
    user: im("user"),
    assistant: im("assistant"),
    end: "<|im_start|>assistant\n<think>\n\n</think>\n\n",
    notes: [
      "Reasoning is switched off: the chat template is given enable_thinking false; prompt.templateArguments.enable_thinking " +
        "decides otherwise",
    ],
  },
  llama3: {
    bos: "<|begin_of_text|>",
    begin: `<|begin_of_text|>${header("system")(llamaDates)}`,
    system: `<|begin_of_text|>${header("system")(`${llamaDates}Be brief.`)}`,
    user: header("user"),
    assistant: header("assistant"),
    end: "<|start_header_id|>assistant<|end_header_id|>\n\n",
    notes: [own("Cutting Knowledge Date: December 2023 Today Date: 26 Jul 2024", kept)],
  },
  mistral: {
    bos: "<s>",
    eos: "</s>",
    begin: "<s>",
    system: "<s>",
    lastWithSystem: "[INST] Be brief.\n\nAsk[/INST]",
    user: (text) => `[INST] ${text}[/INST]`,
    assistant: (text) => ` ${text}</s>`,
    end: "",
    prefilled: " Text:",
  },
  gemma: {
    bos: "<bos>",
    begin: "<bos>",
    system: undefined,
    user: gemma("user"),
    assistant: gemma("model"),
    end: "<start_of_turn>model\n",
  },
  phi3: {
    begin: "",
    system: "<|system|>\nBe brief.<|end|>\n",
    user: (text) => `<|user|>\n${text}<|end|>\n`,
    assistant: (text) => `<|assistant|>\n${text}<|end|>\n`,
    end: "<|assistant|>\n",
  },
  phi4: {
    begin: "",
    system: "<|im_start|>system<|im_sep|>Be brief.<|im_end|>",
    user: (text) => `<|im_start|>user<|im_sep|>${text}<|im_end|>`,
    assistant: (text) => `<|im_start|>assistant<|im_sep|>${text}<|im_end|>`,
    end: "<|im_start|>assistant<|im_sep|>",
  },
  "deepseek-r1": {
    bos: "<｜begin▁of▁sentence｜>",
    begin: "<｜begin▁of▁sentence｜>",
    system: "<｜begin▁of▁sentence｜>Be brief.",
    user: (text) => `<｜User｜>${text}`,
    assistant: (text) => `<｜Assistant｜>${text}<｜end▁of▁sentence｜>`,
    end: "<｜Assistant｜><think>\n",
    prefilled: "<｜Assistant｜>Text:",
    warnings: [
      "The prompts end in an open reasoning tag (<think>), so each row begins with reasoning; with prompt.answer, the assistant's " +
        "turn begins without it",
    ],
  },
  smollm2: {
    begin: im("system")("You are a helpful AI assistant named SmolLM, trained by Hugging Face"),
    system: im("system")("Be brief."),
    user: im("user"),
    assistant: im("assistant"),
    end: "<|im_start|>assistant\n",
    notes: [own("You are a helpful AI assistant named SmolLM, trained by Hugging Face", replaced)],
  },
  granite: {
    begin: granite("system")(graniteSystem),
    system: granite("system")("Be brief."),
    user: granite("user"),
    assistant: granite("assistant"),
    end: "<|start_of_role|>assistant<|end_of_role|>",
    notes: [own(graniteSystem.replaceAll("\n", " "), replaced)],
  },
  harmony: {
    begin: harmonySystem,
    system: `${harmonySystem}<|start|>developer<|message|># Instructions\n\nBe brief.\n\n<|end|>`,
    user: (text) => `<|start|>user<|message|>${text}<|end|>`,
    assistant: (text) => `<|start|>assistant<|channel|>final<|message|>${text}<|end|>`,
    end: "<|start|>assistant<|channel|>final<|message|>",
    notes: [
      own(
        "You are ChatGPT, a large language model trained by OpenAI. Knowledge cutoff: 2024-06 Current date: 2024-07-26 Reasoning:…",
        kept,
      ),
      `The assistant's turn begins with "<|channel|>final<|message|>" as the template's own turns do: its generation prompt leaves ` +
        "that out",
    ],
  },
  "command-r": {
    bos: "<BOS_TOKEN>",
    begin: "<BOS_TOKEN>",
    system: `<BOS_TOKEN>${command("SYSTEM")("Be brief.")}`,
    user: command("USER"),
    assistant: command("CHATBOT"),
    end: "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>",
  },
  "tools-loop": {
    begin: "",
    system: "<|system|>Be brief.<|end|>",
    user: (text) => `<|user|>${text}<|end|>`,
    assistant: (text) => `<|assistant|>${text}<|end|>`,
    end: "<|assistant|>",
  },
  "typed-content": {
    begin: "",
    system: "SYSTEM: Be brief.\n",
    user: (text) => `USER: ${text}\n`,
    assistant: (text) => `ASSISTANT: ${text}\n`,
    end: "ASSISTANT: ",
  },
};

const shots = ["Ask 1", "Text 1", "Ask 2", "Text 2"];

describe.each(Object.entries(families))("%s", (name, family) => {
  const { begin, system, user, assistant, end, bos = "", eos = "", notes = [], warnings = [] } = family;
  const template = readFileSync(new URL(`./templates/${name}.jinja`, import.meta.url), "utf8");
  const read = (wishes: Partial<ChatWishes>) =>
    readChatFormat({ template, bosToken: bos, eosToken: eos }, { turns: [0, 2], hasAnswer: false, ...wishes });
  const plain = read({});
  const text = async (format: Promise<ChatFormat>, turns: number, contents: readonly string[]) => {
    const { frames } = await format;
    return fillChatFrame(frames.get(turns)!, contents)
      .map((part) => part.text)
      .join("");
  };

  test("no examples, no system message", async () => {
    expect(await text(plain, 0, ["Ask", ""])).toBe(begin + user("Ask") + end);
  });
  test("two examples as turns", async () => {
    const turns = user("Ask 1") + assistant("Text 1") + user("Ask 2") + assistant("Text 2");
    expect(await text(plain, 2, [...shots, "Ask", ""])).toBe(begin + turns + user("Ask") + end);
  });
  test("a system message", async () => {
    const made = text(read({ system: "Be brief." }), 0, ["Be brief.", "Ask", ""]);
    if (system === undefined)
      await expect(made).rejects.toThrow("prompt.system: The model's chat template takes no system message");
    else expect(await made).toBe(system + (family.lastWithSystem ?? user("Ask")) + end);
  });
  test("an answer prefix", async () => {
    const prefilled = family.prefilled ?? `${end}Text:`;
    expect(await text(read({ hasAnswer: true }), 0, ["Ask", "Text:"])).toBe(begin + user("Ask") + prefilled);
  });
  test("what is said of it", async () => {
    const format = await plain;
    expect(format.notes).toEqual(notes);
    expect(format.warnings).toEqual(warnings);
  });
  test("the contents are plain text, and nothing else is", async () => {
    const { frames } = await plain;
    const parts = fillChatFrame(frames.get(2)!, [...shots, "Ask", "Text:"]);
    expect(parts.filter(({ special }) => !special).map((part) => part.text.trim())).toEqual([...shots, "Ask", "Text:"]);
  });
});
