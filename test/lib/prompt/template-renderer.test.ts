// What a template from anybody may cost, and that nobody waits for it.
import { expect, test } from "vitest";
import { TemplateFailure, TemplateRenderer, type TemplateVariables } from "../../../lib/prompt/template-renderer.js";

async function render(source: string, variables: TemplateVariables = {}): Promise<string> {
  await using renderer = new TemplateRenderer(source);
  return await renderer.render(variables);
}

test("a template is rendered any number of times", async () => {
  await using renderer = new TemplateRenderer("{% for m in messages %}{{ m.content }};{% endfor %}");
  expect(await renderer.render({ messages: [{ content: "a" }, { content: "b" }] })).toBe("a;b;");
  expect(await renderer.render({ messages: [] })).toBe("");
});

test("one that raises an exception can be rendered with other variables", async () => {
  await using renderer = new TemplateRenderer("{% if bad %}{{ raise_exception('no') }}{% endif %}good");
  await expect(renderer.render({ bad: true })).rejects.toMatchObject({ message: "fails (no)", isFinal: false });
  expect(await renderer.render({ bad: false })).toBe("good");
});

test("a template that prints the date prints the same one always", async () => {
  expect(await render("{{ strftime_now('%d %b %Y') }}")).toBe("26 Jul 2024");
});

const grow = (times: number, start: string) =>
  `{% set ns = namespace(x=${start}) %}{% for i in range(${times}) %}{% set ns.x = ns.x + ns.x %}{% endfor %}`;
const nested = "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}";
const tooMuch = /^(needs more than 64 MB of memory|takes more than 5 s)$/; // whichever comes first, on a busy machine
//               what it does, template, what is said
const hostile: [string, string, RegExp][] = [
  ["counts to 10⁹", "{% for i in range(1000000000) %}a{% endfor %}", tooMuch],
  ["counts to 10⁵ in itself", nested, /^takes more than 5 s$/],
  ["is a text of 50 MB", `{{ '${"a".repeat(50e6)}' }}`, /^has 50000008 characters, more than 1048576$/],
  ["prints 2 MB", `${grow(20, "'ab'")}{{ ns.x }}`, /^prints 2097152 characters, more than 1048576$/],
  ["wants 270 MB at once", `${grow(27, "'ab'")}{{ ns.x | upper | length }}`, tooMuch],
  ["splits a text of 32 MB", `${grow(24, "'ab'")}{{ ns.x.split('a') | length }}`, tooMuch],
  ["makes a list of 2²⁹", `${grow(28, "[1, 2]")}{{ ns.x | length }}`, tooMuch],
  ["makes a text that cannot be", `${grow(40, "'ab'")}{{ ns.x | length }}`, /^fails \(Invalid string length\)$/],
  [
    "nests parentheses",
    `{{ ${"(".repeat(2e5)}1${")".repeat(2e5)} }}`,
    /^cannot be read \(Maximum call stack size exceeded\)$/,
  ],
  ["calls itself", "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}", /^fails \(/],
];
test.each(hostile)("one that %s ends with what it does, and the program goes on meanwhile", async (_, source, said) => {
  let ticks = 0;
  const start = performance.now();
  const timer = setInterval(() => ticks++, 20);
  const memory = process.memoryUsage().rss;
  const error = await render(source).catch((cause) => cause);
  clearInterval(timer);
  expect(error).toBeInstanceOf(TemplateFailure);
  expect(error.message).toMatch(said);
  const waited = performance.now() - start;
  expect(waited).toBeLessThan(30_000);
  expect(ticks).toBeGreaterThanOrEqual(Math.floor(waited / 20 / 10)); // a tenth of them, on a busy machine
  expect(process.memoryUsage().rss - memory).toBeLessThan(300e6);
});

test("its process is gone when it is closed, whatever it does", async () => {
  const processes = () => process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length;
  const before = processes();
  const renderer = new TemplateRenderer(nested);
  const rendered = renderer.render({}).catch((error: Error) => error);
  expect(processes()).toBe(before + 1);
  await renderer[Symbol.asyncDispose]();
  expect(await rendered).toBeInstanceOf(TemplateFailure);
  expect(processes()).toBe(before);
});
