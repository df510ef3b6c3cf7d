// Names of labels as types: those of constants are known, those of plain tasks are any text. tsc checks this file; what
// runs only shows that the values are those of the types.
import { expect, expectTypeOf, test } from "vitest";
import {
  type Instance,
  type LabelNames,
  loadTeacher,
  type Preview,
  preview,
  type Report,
  type ResolvedSpec,
  type Run,
  resolveSpec,
  type SynthesisSpec,
  type SynthesizedTo,
  synthesize,
  synthesizeShard,
  synthesizeTo,
  type Teacher,
} from "../../../lib/index.js";

const prompt = { instruction: "Definition of {label}", answer: ":", shots: 0 } as const;
const small = { prompt, method: { name: "fewgen" }, count: 2, filters: false, sampling: { maxTokens: 4 } } as const;
const map = { ...small, labels: { animal: "an animal", plant: "a plant" } } as const;
const list = { ...small, labels: ["animal", ["plant", "a plant"], 5, true] } as const;
const plain = { ...small, labels: { animal: "an animal", plant: "a plant" } };
const plainList = { ...small, labels: ["animal", "plant"] };
const declared: SynthesisSpec = map;

test("labels of a constant, a map or a list, name those of its instances", () => {
  expectTypeOf<LabelNames<typeof map.labels>>().toEqualTypeOf<"animal" | "plant">();
  expectTypeOf<LabelNames<typeof list.labels>>().toEqualTypeOf<"animal" | "plant" | "5" | "true">();
  expectTypeOf<LabelNames<readonly [" animal "]>>().toEqualTypeOf<"animal">(); // as names are compared
  expectTypeOf<LabelNames<{ readonly 1: "one"; readonly 2: "two" }>>().toEqualTypeOf<"1" | "2">();
});

test("others are any text", () => {
  expectTypeOf<LabelNames<typeof plain.labels>>().toEqualTypeOf<string>();
  expectTypeOf<LabelNames<typeof plainList.labels>>().toEqualTypeOf<string>();
  expectTypeOf<LabelNames<number[]>>().toEqualTypeOf<string>();
  expectTypeOf<LabelNames<SynthesisSpec["labels"]>>().toEqualTypeOf<string>();
  expectTypeOf<LabelNames<ResolvedSpec["labels"]>>().toEqualTypeOf<string>();
});

// Never called: what it returns has the types that are looked at.
function runs(teacher: Teacher, resolved: ResolvedSpec) {
  return {
    ofMap: synthesize(teacher, map),
    ofList: synthesize(teacher, list),
    ofShard: synthesizeShard(teacher, map, { index: 0, count: 2 }),
    ofPlain: synthesize(teacher, plain),
    ofPlainList: synthesize(teacher, plainList),
    ofLiteral: synthesize(teacher, { ...small, labels: { animal: "an animal" } }),
    ofDeclared: synthesize(teacher, declared),
    ofResolved: synthesize(teacher, resolved),
    previewed: preview(teacher, map),
    previewedPlain: preview(teacher, plain),
    saved: synthesizeTo("run", teacher, map),
    // @ts-expect-error what is no field is told, with labels of either kind
    misspelt: synthesize(teacher, { ...small, labels: { animal: "an animal" }, cuont: 3 }),
  };
}

test("runs, shards, previews and reports have the names of their task", () => {
  type Of = ReturnType<typeof runs>;
  type Names = "animal" | "plant";
  expectTypeOf<Of["ofMap"]>().toEqualTypeOf<Run<Names>>();
  expectTypeOf<Of["ofList"]>().toEqualTypeOf<Run<Names | "5" | "true">>();
  expectTypeOf<Of["ofShard"]>().toEqualTypeOf<Run<Names>>();
  for (const name of ["ofPlain", "ofPlainList", "ofLiteral", "ofDeclared", "ofResolved"] as const) {
    expectTypeOf<Of[typeof name]>().toEqualTypeOf<Run>();
  }
  expectTypeOf<Awaited<Of["previewed"]>>().toEqualTypeOf<Preview<Names>>();
  expectTypeOf<Awaited<Of["previewedPlain"]>>().toEqualTypeOf<Preview>();
  expectTypeOf<Awaited<Of["saved"]>>().toEqualTypeOf<SynthesizedTo<Names>>();
  expectTypeOf<Report<Names>["labels"]["animal"]["wanted"]>().toEqualTypeOf<number>();
});

test("whoever takes any instances takes these", () => {
  expectTypeOf<Instance<"animal">>().toExtend<Instance>();
  expectTypeOf<Run<"animal">>().toExtend<Run>();
  expectTypeOf<Preview<"animal">>().toExtend<Preview>();
});

test("the values are those of the types", async () => {
  await using teacher = await loadTeacher("demo");
  const names: ("animal" | "plant" | "5" | "true")[] = [];
  for await (const { label } of synthesize(teacher, { ...list, count: 4, engine: { threads: 1 } })) names.push(label);
  expect(names.sort()).toEqual(["5", "animal", "plant", "true"]);
  expect(resolveSpec(list).labels.map(({ name }) => name)).toEqual(["animal", "plant", "5", "true"]);
});
