// What of {hint}, {taboo} and verbalized sampling is refused, and what is said of them.
import { describe, expect, test } from "vitest";
import type { InvalidConfigError } from "../../../lib/errors.js";
import { rivalNotes, taskRemarks } from "../../../lib/task/remarks.js";
import { resolveSpec } from "../../../lib/task/spec.js";

const task = (prompt: object, rest: object = {}) => {
  const whole = { instruction: "On {label}", shots: 0, ...prompt };
  return { labels: ["a", "b"], prompt: whole, count: 2, ...rest };
};

function issuesOf(given: object): string[] {
  try {
    resolveSpec(given);
    return [];
  } catch (error) {
    return (error as InvalidConfigError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

const tabooed = { instruction: "On {label}. {taboo}" };

test.each<[what: string, given: object, issue: RegExp]>([
  [
    "a hint without seeds",
    task({ instruction: "{label}: {hint}" }),
    /^seeds: Expected seeds for the placeholder \{hint\}/,
  ],
  [
    "taboo that no text has",
    task({ taboo: { words: 3 } }),
    /^prompt\.taboo: Expected none, since no text .* has \{taboo\}/,
  ],
  ["no word", task({ ...tabooed, taboo: { words: 0 } }), /^prompt\.taboo\.words: /],
  ["101 words", task({ ...tabooed, taboo: { words: 101 } }), /^prompt\.taboo\.words: /],
  [
    "no place for them",
    task({ ...tabooed, taboo: { text: "No!" } }),
    /^prompt\.taboo\.text: .*\{words\}.*received none/,
  ],
  ["another place", task({ ...tabooed, taboo: { text: "{words} {label}" } }), /received \{words\}, \{label\}/],
  ["a lone brace", task({ ...tabooed, taboo: { text: "{words" } }), /^prompt\.taboo\.text: .*lone "\{"/],
  [
    "groups side by side",
    task(tabooed, { engine: { groups: 2 } }),
    /^engine\.groups: Expected 1 with \{taboo\}.*received 2/,
  ],
  ["shared prompts", task(tabooed, { engine: { promptReuse: 4 } }), /^engine\.promptReuse: Expected 1 with \{taboo\}/],
  [
    "examples as a tree",
    task(tabooed, { engine: { promptReuse: "auto" } }),
    /^engine\.promptReuse: Expected 1 with \{taboo\}/,
  ],
  ["one text", task({ verbalized: { texts: 1 } }), /^prompt\.verbalized\.texts: /],
  [
    "examples of one text",
    task({ verbalized: {}, shots: 2 }, { seeds: "s" }),
    /^prompt\.shots: Expected 0 with .*received 2/,
  ],
  [
    "{texts} of one text",
    task({ instruction: "{texts} on {label}" }),
    /^prompt\.instruction: Unknown placeholder \{texts\}/,
  ],
  ["an attribute of that name", task({}, { attributes: { hint: ["x"] } }), /^attributes\.hint: Expected another name/],
])("%s is refused", (_, given, issue) => {
  expect(issuesOf(given)).toEqual([expect.stringMatching(issue)]);
});

test.each<[what: string, given: object]>([
  ["all three", task({ instruction: "{texts} on {label} with {hint}. {taboo}", verbalized: {} }, { seeds: "s" })],
  ["one group at a time", task(tabooed, { engine: { groups: 1, reproducible: true } })],
  ["in the system message", task({ format: "chat", system: "{taboo}", taboo: { words: 100 } })],
])("%s can be given", (_, given) => {
  expect(issuesOf(given)).toEqual([]);
});

describe("of an answer of several texts it is said", () => {
  const texts = { verbalized: { texts: 5 } };
  test.each<[sampling: object, remarks: RegExp[]]>([
    [{ maxTokens: 160 }, []],
    [{ maxTokens: 159 }, [/maxTokens 159 .*: 31 for each of 5 texts/]],
    [{ maxTokens: 400, stop: ["END", "\n"] }, [/stop has "\\n", which ends/]],
  ])("with %j", (sampling, remarks) => {
    const spec = resolveSpec(task(texts, { sampling }));
    expect(taskRemarks(spec)).toEqual(remarks.map((remark) => expect.stringMatching(remark)));
  });

  test("nothing of one text", () =>
    expect(taskRemarks(resolveSpec(task({}, { sampling: { stop: ["\n"] } })))).toEqual([]));
});

test("plan and preview say which rivals a task has", () => {
  const all = task({ instruction: "{texts} on {label} with {hint}. {taboo}", verbalized: {} }, { seeds: "s" });
  expect(rivalNotes(resolveSpec(all))).toEqual([
    expect.stringMatching(/\{hint\} .* rows without it are rejected$/),
    expect.stringMatching(/\{taboo\} names up to 10 words/),
    expect.stringMatching(/up to 5 texts/),
  ]);
  expect(rivalNotes(resolveSpec({ ...all, filters: false }))[0]).toMatch(/are kept$/);
  expect(rivalNotes(resolveSpec(task({})))).toEqual([]);
});
