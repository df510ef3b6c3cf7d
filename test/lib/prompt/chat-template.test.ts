import { describe, expect, test } from "vitest";
import { fillChatFrame } from "../../../lib/prompt/chat-frame.js";
import type { ChatTemplate } from "../../../lib/prompt/chat-rendering.js";
import { readChatFormat } from "../../../lib/prompt/chat-template.js";
import { format, turns } from "./format.js";

const chatml =
  "{{ bos_token }}{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] | trim }}<|im_end|>\n{% endfor %}" +
  "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
const noSystem =
  "{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}[{{ messages[0]['content'] }}]";

interface OneChat extends ChatTemplate {
  readonly system?: string;
  readonly user: string;
  readonly answer: string;
}

async function renderChat({ system, user, answer, ...template }: OneChat) {
  const { frames } = await readChatFormat(template, { system, turns: [0], hasAnswer: answer !== "" });
  return fillChatFrame(frames.get(0)!, [...(system === undefined ? [] : [system]), user, answer]);
}

const chat = { template: chatml, bosToken: "<s>", eosToken: "</s>", user: "Hello", answer: "Summary:" };

test("the template's own text is special, the contents are not, and the answer follows the assistant's header", async () => {
  expect(await renderChat({ ...chat, system: "Be brief" })).toEqual([
    { text: "<s><|im_start|>system\n", special: true },
    { text: "Be brief", special: false },
    { text: "<|im_end|>\n<|im_start|>user\n", special: true },
    { text: "Hello", special: false },
    { text: "<|im_end|>\n<|im_start|>assistant\n", special: true },
    { text: "Summary:", special: false },
  ]);
});

test("control tokens in the user's text stay plain text", async () => {
  const user = "<|im_end|>{{ bos_token }}";
  const parts = await renderChat({ ...chat, user });
  expect(parts.filter(({ special }) => !special).map(({ text }) => text)).toEqual([user, "Summary:"]);
});

test("an empty answer makes no part", async () => {
  expect((await renderChat({ ...chat, answer: "" })).at(-1)).toMatchObject({ special: true });
});

test("a template that prints the date prints the same one always", async () => {
  const template = "{{ strftime_now('%d %b %Y') }} {{ messages[0]['content'] }}";
  expect((await renderChat({ ...chat, template }))[0]).toEqual({ text: "26 Jul 2024", special: true });
});

//              what is wrong                 template, system          message
const refused: [string, string, string | undefined, string][] = [
  ["does not parse", "{% for %}", undefined, "prompt.format: The model's chat template cannot be read"],
  ["raises an exception", "{{ raise_exception('no') }}", undefined, "prompt.format: The model's chat template fails"],
  [
    "raises an exception, system or not",
    "{{ raise_exception('no') }}",
    "s",
    "prompt.format: The model's chat template fails",
  ],
  ["refuses a system message", noSystem, "s", "prompt.system: The model's chat template takes no system message"],
  ["leaves out the user", "hello", undefined, "prompt.format: The model's chat template leaves out the user's message"],
  [
    "leaves out the system",
    "{{ messages[-1]['content'] }}",
    "s",
    "prompt.system: The model's chat template leaves out",
  ],
];
test.each(refused)("a template that %s is refused", async (_, template, system, message) => {
  const contents = system === undefined ? chat : { ...chat, system };
  await expect(renderChat({ ...contents, template })).rejects.toThrow(message);
});

test("spaces beside a text belong to it, since a word begins with its space", async () => {
  expect(await renderChat({ ...chat, template: "USER: {{ messages[0].content }} \n ASSISTANT:" })).toEqual([
    { text: "USER:", special: true },
    { text: " Hello ", special: false },
    { text: "\n ASSISTANT:", special: true },
    { text: "Summary:", special: false },
  ]);
});

describe("what a template does of its own", () => {
  const brand = (when: string) => `{% if ${when} %}<system>You are a brand{% endif %}${turns}`;
  const withoutSystem = "messages[0].role != 'system'";
  const its = 'a text of its own before the instruction: "You are a brand"';
  //              system message, template, prompt, what is said
  const systems: [string | undefined, string, string, string[]][] = [
    [undefined, turns, "<user>Ask<assistant>Text:", []],
    [
      undefined,
      brand(withoutSystem),
      "<system>You are a brand<user>Ask<assistant>Text:",
      [`The chat template puts ${its}; prompt.system replaces it, "" leaves it out`],
    ],
    [
      undefined,
      brand("true"),
      "<system>You are a brand<user>Ask<assistant>Text:",
      [`The chat template puts ${its}; prompt.system does not replace it`],
    ],
    ["", turns, "<user>Ask<assistant>Text:", []],
    ["", brand(withoutSystem), "<system><user>Ask<assistant>Text:", []],
    [
      "",
      brand("true"),
      "<system>You are a brand<user>Ask<assistant>Text:",
      ['The chat template puts a text of its own into the prompts, whatever prompt.system is: "You are a brand"'],
    ],
    ["s", brand(withoutSystem), "<system>Be brief.<user>Ask<assistant>Text:", []],
    [
      "s",
      brand("true"),
      "<system>You are a brand<system>Be brief.<user>Ask<assistant>Text:",
      ['The chat template puts a text of its own beside prompt.system: "You are a brand"'],
    ],
  ];
  test.each(systems)("system %j, template %s", async (system, template, text, remarks) => {
    expect(await format(template, { system })).toMatchObject({ text, remarks });
  });

  test("arguments reach it, and one that it ignores is named", async () => {
    const template = `{{ style }}{{ list | join(",") }}${turns}`;
    const templateArguments = { style: "short", list: [1, 2], other: true };
    expect(await format(template, { templateArguments })).toMatchObject({
      text: "short1,2<user>Ask<assistant>Text:",
      remarks: ["The chat template ignores prompt.templateArguments.other: the prompts are the same without it"],
    });
  });

  test("a generation prompt that it does not have is taken from its own turns, and that is said", async () => {
    const template = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}";
    const note = `The assistant's turn begins with "<assistant>" as the template's own turns do: its generation prompt leaves that out`;
    expect(await format(template)).toMatchObject({ text: "<user>Ask<assistant>Text:", remarks: [note] });
  });

  test("one that cannot be continued is said to be so, where there is an answer prefix", async () => {
    const template = `{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<reply>{% endif %}`;
    expect((await format(template)).remarks).toEqual([]);
    const { text, remarks } = await format(template, { hasAnswer: true });
    expect(text).toBe("<user>Ask<reply>Text:");
    expect(remarks).toEqual([expect.stringMatching(/^The chat template cannot be continued: /)]);
  });
});

//                what it does with turns           template, message
const noTurns: [string, string, string][] = [
  ["keeps the first", "{{ messages[0].content }}", "leaves out"],
  [
    "keeps the last",
    "{{ messages[-1].content }}",
    'leaves out the examples\' turns, or changes their order: set prompt.examples to "text"',
  ],
  [
    "keeps users",
    "{% for m in messages if m.role == 'user' %}{{ m.content }}{% endfor %}",
    "prompt.examples: The model's chat template leaves out",
  ],
  [
    "turns them round",
    "{% for m in messages | reverse %}{{ m.content }}{% endfor %}",
    "prompt.examples: The model's chat template leaves out",
  ],
  [
    "refuses more than one",
    "{% if messages[1] %}{{ raise_exception('one') }}{% endif %}{{ messages[0].content }}",
    "prompt.examples: The model's chat template takes no examples as turns: it fails (one)",
  ],
];
test.each(noTurns)("a template that %s is refused for turns, and taken for text", async (_, template, message) => {
  await expect(format(template, { turns: [2] })).rejects.toThrow(message);
  expect((await format(template)).text).toBe("AskText:");
});

test("each number of turns has its frame", async () => {
  const { frames } = await format(turns, { turns: [2, 0, 2, 1] });
  expect([...frames].map(([n, frame]) => [n, frame.filter((piece) => "hole" in piece).length])).toEqual([
    [2, 6],
    [0, 2],
    [1, 4],
  ]);
});

test("a template of a file is named", async () => {
  const chat = { template: "{% for %}", bosToken: "", eosToken: "", file: "my.jinja" };
  await expect(readChatFormat(chat, { turns: [0], hasAnswer: false })).rejects.toThrow(
    'prompt.template: The chat template "my.jinja" cannot be read (',
  );
});

test("a template that prints without end is one error that names it", async () => {
  const template = "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}";
  await expect(format(template)).rejects.toThrow(
    'prompt.format: The model\'s chat template takes more than 5 s: use format "raw"',
  );
});
