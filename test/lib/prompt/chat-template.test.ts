import { expect, test } from "vitest";
import { renderChat } from "../../../lib/prompt/chat-template.js";

const chatml =
  "{{ bos_token }}{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] | trim }}<|im_end|>\n{% endfor %}" +
  "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
const noSystem =
  "{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}[{{ messages[0]['content'] }}]";
const chat = { template: chatml, bosToken: "<s>", eosToken: "</s>", user: "Hello", answer: "Summary:" };

test("the template's own text is special, the contents are not, and the answer follows the assistant's header", () => {
  expect(renderChat({ ...chat, system: "Be brief" })).toEqual([
    { text: "<s><|im_start|>system\n", special: true },
    { text: "Be brief", special: false },
    { text: "<|im_end|>\n<|im_start|>user\n", special: true },
    { text: "Hello", special: false },
    { text: "<|im_end|>\n<|im_start|>assistant\n", special: true },
    { text: "Summary:", special: false },
  ]);
});

test("control tokens in the user's text stay plain text", () => {
  const user = "<|im_end|>{{ bos_token }}";
  const parts = renderChat({ ...chat, user });
  expect(parts.filter(({ special }) => !special).map(({ text }) => text)).toEqual([user, "Summary:"]);
});

test("an empty answer makes no part", () => {
  expect(renderChat({ ...chat, answer: "" }).at(-1)).toMatchObject({ special: true });
});

test("a template that prints the date prints the same one always", () => {
  const template = "{{ strftime_now('%d %b %Y') }} {{ messages[0]['content'] }}";
  expect(renderChat({ ...chat, template })[0]).toEqual({ text: "26 Jul 2024 ", special: true });
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
test.each(refused)("a template that %s is refused", (_, template, system, message) => {
  const contents = system === undefined ? chat : { ...chat, system };
  expect(() => renderChat({ ...contents, template })).toThrow(message);
});
