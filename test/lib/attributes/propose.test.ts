// Attributes from a teacher's lists: which are asked for, which values stay, and what is said of the rest.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chooseValues, type JudgedValue } from "../../../lib/attributes/choose.js";
import { type Judge, propose } from "../../../lib/attributes/propose.js";
import { loadTeacher, proposeAttributes, type Teacher } from "../../../lib/index.js";
import { resolveSpec } from "../../../lib/task/spec.js";
import { task } from "../helpers/demo.js";

const labels = { sports: "sports", business: "business" };
const given = { labels, prompt: { instruction: "A text on {label}", shots: 0 }, count: 2 };
const spec = resolveSpec(given);

describe("values", () => {
  // value, the label it was named for, the label it is taken for
  const judged = (...values: [string, number, number][]): JudgedValue[] =>
    values.map(([value, label, takenFor]) => ({ value, label, takenFor }));
  const choose = (values: JudgedValue[], isOwn = false, most = 10) => chooseValues(values, { labels: 2, most, isOwn });
  const topics = judged(["golf", 0, 0], ["chess", 0, 0], ["banks", 0, 1], ["oil", 1, 1], ["trade", 1, 1]);

  test("that tell the labels apart are those of each, without what is taken for another", () => {
    expect(choose(topics)).toEqual({
      lists: [
        ["golf", "chess"],
        ["oil", "trade"],
      ],
      dropped: [topics[2]],
    });
    expect(choose(topics, false, 1).lists).toEqual([["golf"], ["oil"]]);
  });

  test("that do not are one list for all, those named for most labels first", () => {
    const styles = judged(["poem", 0, 1], ["news", 0, 0], ["blog", 1, 0], ["News", 1, 1], ["letter", 1, 0]);
    expect(choose(styles)).toEqual({ lists: [["news", "poem", "blog", "letter"]], dropped: [] });
    expect(choose(styles, true).lists).toEqual([["news"], ["News"]]); // a subtopic is of its label in any case
  });

  test("have to be right for more than the middle of chance and always", () => {
    const four = (right: number) =>
      judged(...[0, 1, 2, 3].map((i): [string, number, number] => [`v${i}`, 0, i < right ? 0 : 1]));
    expect(choose(four(3)).lists).toHaveLength(1); // 3 of 4, the middle of 1/2 and 1
    expect(choose(four(4)).lists).toHaveLength(2);
  });
});

/** Answers by what is asked, and takes a value for the label that it begins with. */
function asking(lists: Readonly<Record<string, string[]>>) {
  const asked: string[] = [];
  const ask = async (questions: readonly string[]) => {
    asked.push(...questions);
    return questions.map((question) => [lists[Object.keys(lists).find((part) => question.includes(part))!] ?? []]);
  };
  const judge: Judge = async (_, rows) =>
    rows.map(({ text }) => ({ label: text.startsWith("b") ? "business" : "sports" }));
  return { asked, ask, judge };
}

describe("a proposal", () => {
  test("has a subtopic, attributes that the teacher names, and what was left out", async () => {
    const { ask, judge, asked } = asking({
      "Name ": ["Sports", "Writing style", "a far too long name of it", "text", "Tone", "Length"],
      '"sports" are to differ in their subtopic': ["golf", "bets", "sports", "chess"],
      '"business" are to differ in their subtopic': ["banks", "bonds", "short names"],
      "writing style": ["poem", "blog"],
      tone: ["kind"],
    });
    const proposed = await propose(spec, { dimensions: 3, values: 2 }, ask, judge);
    expect(proposed).toEqual({
      attributes: {
        subtopic: { sports: ["golf", "chess"], business: ["banks", "bonds"] },
        writing_style: ["poem", "blog"],
      },
      dropped: [{ attribute: "subtopic", label: "sports", value: "bets", takenFor: "business" }],
      warnings: ['Attribute "tone" is left out, with too few values that can be used: 1'],
    });
    expect(asked).toHaveLength(1 + 3 * 2);
    expect(asked[1]).toBe(
      'Texts labelled "sports" are to differ in their subtopic. Which 5 kinds of subtopic can they have? ' +
        "Give a numbered list of short names.",
    );
    expect(resolveSpec({ ...given, attributes: proposed.attributes }).attributes).toEqual(proposed.attributes);
  });

  test("of names that are given asks for values alone, and says where they are few", async () => {
    const { ask, judge, asked } = asking({ '"sports"': ["golf", "chess", "polo"], '"business"': ["banks", "bonds"] });
    const { attributes, warnings } = await propose(spec, { dimensions: ["subtopic"], values: 3 }, ask, judge);
    expect(attributes).toEqual({ subtopic: { sports: ["golf", "chess", "polo"], business: ["banks", "bonds"] } });
    expect(warnings).toEqual(['Attribute "subtopic" has fewer values than 3: "business" 2']);
    expect(asked).toHaveLength(2);
  });

  test("of one label needs no check", async () => {
    const one = resolveSpec({ labels: ["sports"], prompt: { instruction: "A text", shots: 0 }, count: 2 });
    const { ask } = asking({ style: ["poem", "blog"] });
    const judge = () => expect.unreachable("nothing is judged");
    const { attributes } = await propose(one, { dimensions: ["style"] }, ask, judge);
    expect(attributes).toEqual({ style: ["poem", "blog"] });
  });

  test("shows seeds, also those that can be read but once", async () => {
    function* once() {
      yield { text: "A goal\nin the last minute", label: "sports" };
    }
    const { ask, judge, asked } = asking({ "Name ": ["style"], style: ["poem", "blog"] });
    await propose(resolveSpec({ ...given, seeds: once() }), { dimensions: 2 }, ask, judge);
    expect(asked[0]).toContain("Texts such as these:\n- A goal in the last minute\nTexts labelled");
  });
});

describe("refusals", () => {
  const { ask, judge } = asking({});
  const refused = async (options: object) => await propose(spec, options, ask, judge).then(String, String);
  test.each([
    [{ values: 1 }, "values: Expected an integer of 2..100, received 1"],
    [{ values: 101 }, "values: Expected an integer of 2..100, received 101"],
    [{ dimensions: 0 }, "dimensions: Expected an integer of 1..20, or names, received 0"],
    [{ dimensions: 2.5 }, "dimensions: Expected an integer of 1..20"],
    [{ dimensions: [] }, "dimensions: Expected at least one name, received none"],
    [
      { dimensions: ["style", "label", "a b"] },
      'dimensions[1]: Expected another name: "label" has a meaning of its own',
    ],
    [{ dimensions: ["a b"] }, "dimensions[0]: Expected a name of letters"],
  ])("%j", async (options, message) => expect(await refused(options)).toContain(message));

  test("a teacher of which nothing can be used", async () => {
    expect(await refused({})).toContain(
      "teacher: Expected an attribute with at least 2 values for each label, received none that can be used: take a larger " +
        "instruction model, or write attributes by hand (Of 5 attributes the teacher named 1 that can be used; Attribute " +
        '"subtopic" is left out, with too few values that can be used: "sports" 0, "business" 0)',
    );
  });
});

describe("with a model", () => {
  let teacher: Teacher;
  beforeAll(async () => {
    teacher = await loadTeacher("demo");
  });
  afterAll(() => teacher.close());

  test("the same task and seed give the same, or the same refusal, and a signal stops it", async () => {
    const given = task({ prompt: { shots: 0 } });
    const stages = new Set<string>();
    const options = { dimensions: ["style"], values: 2, onProgress: (stage: string) => void stages.add(stage) };
    const once = await proposeAttributes(teacher, given, options).catch(String);
    expect(await proposeAttributes(teacher, given, options).catch(String)).toEqual(once);
    expect([...stages]).toEqual(typeof once === "string" ? ["values"] : ["values", "check"]);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(proposeAttributes(teacher, given, { ...options, signal })).rejects.toThrow("enough");
  });
});
