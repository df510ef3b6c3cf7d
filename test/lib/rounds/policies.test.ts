// What each policy takes from rows that a reader can check by hand.
import { describe, expect, it } from "vitest";
import { agree } from "../../../lib/rounds/policies/agree.js";
import { errors } from "../../../lib/rounds/policies/errors.js";
import { influence } from "../../../lib/rounds/policies/influence.js";
import { self } from "../../../lib/rounds/policies/self.js";
import { weights } from "../../../lib/rounds/policies/weights.js";
import { easy, given, input, type Pair, rowsOf } from "./input.js";

const twice = [...easy, ...easy.map(([label, text]): Pair => [label, `${text} again`])];
const all = { agree, errors, influence, weights, self };

describe("agree", () => {
  it("drops the row that the others deny, and asks for what is missing of each label", async () => {
    const of = (label: string, words: string) =>
      ["one", "two", "three", "four"].map((more): Pair => [label, `${words} ${more}`]);
    const rows = rowsOf([
      ...of("fruit", "sweet ripe apple"),
      ...of("tool", "steel cutting saw"),
      ["tool", "ripe apple"],
    ]);
    const decision = await agree(input({ rows, wanted: [6, 5] }));
    expect(decision).toEqual({ count: [2, 1], dropped: ["1:8"], figures: { agreement: 8 / 9 } });
  });

  it("asks for nothing where the dataset is whole", async () => {
    expect((await agree(input({ rows: rowsOf(easy) }))).count).toEqual([0, 0]);
  });

  it("lets human seeds teach: two rows alone would say nothing of each other", async () => {
    const rows = rowsOf([
      ["fruit", "ripe apple"],
      ["tool", "ripe old apple"],
    ]);
    expect((await agree(input({ rows, seeds: given(easy, "s") }))).dropped).toEqual(["1:1"]);
  });

  it("takes as contexts those nearest to a label's kept rows, not those of another label, with ids of their own", async () => {
    const contexts = [
      { id: "a", text: "an apple falls", label: undefined, fields: {} },
      { id: "b", text: "the saw cuts", label: undefined, fields: {} },
      { id: "c", text: "an apple a day", label: "tool", fields: {} },
    ];
    const decision = await agree(input({ rows: rowsOf(easy), contexts }));
    expect(decision.contexts?.map(({ id }) => id)).toEqual(["fruit/a", "fruit/b", "tool/b", "tool/a", "tool/c"]);
  });

  it("takes as many contexts as rows are missing, eight at least", async () => {
    const corpus = given(
      Array.from({ length: 40 }, (_, i): Pair => ["fruit", `apple ${i}`]),
      "c",
    );
    const ofFruit = async (wanted: number) => {
      const found = await agree(input({ rows: rowsOf(easy), contexts: corpus, wanted: [wanted, 4] }));
      return found.contexts?.length;
    };
    expect([await ofFruit(4), await ofFruit(20)]).toEqual([8, 16]);
  });
});

describe("errors", () => {
  // The student knows fruit by apples and tools by saws: of pears it knows nothing but that tools are "sharp".
  const validation = given(
    [
      ["fruit", "green apple"],
      ["fruit", "a sharp old saw shaped pear"],
      ["fruit", "a sharp green saw shaped pear"],
      ["tool", "old saw"],
      ["tool", "red saw"],
      ["tool", "sharp green saw"],
    ],
    "v",
  );

  it("draws its examples from the one subtopic in which all errors lie", async () => {
    const decision = await errors(input({ rows: rowsOf(easy), validation, round: 3 }));
    const ofFruit = decision.seeds!.filter(({ label }) => label === "fruit");
    expect(ofFruit.map(({ id }) => id).sort()).toEqual(["v1", "v2"]);
    expect(decision).toMatchObject({ count: [8, 8], figures: { validationAccuracy: 4 / 6 } });
  });

  it("fills up with the rows that the student is least sure of, as many as a prompt has", async () => {
    const decision = await errors(input({ rows: rowsOf(easy), validation, shots: 3 }));
    const count = (name: string) => decision.seeds!.filter(({ label }) => label === name).length;
    expect([count("fruit"), count("tool")]).toEqual([3, 3]);
  });
});

describe("influence", () => {
  const noisy = rowsOf([...twice, ["fruit", "old sharp green saw"], ["tool", "old ripe green apple"]]);

  it("takes rows that help, and none of the two whose label is wrong, whatever is held out", async () => {
    for (let seed = 0; seed < 8; seed++) {
      const decision = await influence(input({ rows: noisy, seed }));
      const ids = decision.seeds!.map(({ id }) => id);
      expect(ids.length).toBeGreaterThan(3);
      expect(ids).not.toContain("1:16");
      expect(ids).not.toContain("1:17");
      expect(decision.count).toEqual([0, 0]);
    }
  });

  it("keeps a label's own examples where none of its rows helps", async () => {
    const seeds = given([["stone", "grey granite"]], "s");
    const decision = await influence(input({ labels: ["fruit", "tool", "stone"], rows: noisy, seeds }));
    expect(decision.seeds!.filter(({ label }) => label === "stone").map(({ id }) => id)).toEqual(["s0"]);
  });
});

describe("weights", () => {
  it("makes no new rows, and gives rows of a wrong label less than the others", async () => {
    const rows = rowsOf([...twice, ["tool", "old ripe apple again"]]);
    const { count, weights: own, figures } = await weights(input({ rows }));
    expect(count).toEqual([0, 0]);
    expect(own!.length).toBe(rows.length);
    expect(own!.at(-1)).toBeLessThan(figures!.meanWeight! / 2);
  });
});

describe("self", () => {
  it("adds rows that are near duplicates of no example, each marked as made, behind the human ones", async () => {
    const long = "a small red fruit that grows on old trees";
    const rows = rowsOf([
      ["fruit", long],
      ["fruit", `${long} here`],
      ["fruit", "Grey  wolf"],
      ["tool", "it cuts wood"],
    ]);
    const decision = await self(input({ rows, seeds: given([["fruit", "grey wolf"]], "s") }));
    expect(decision.seeds!.map(({ id, fields }) => [id, fields?.origin])).toEqual([
      ["s0", undefined],
      ["1:0", "synthetic"],
      ["1:3", "synthetic"],
    ]);
  });
});

describe("every policy", () => {
  const validation = given(easy, "v");
  it.each(Object.entries(all))("%s decides the same twice, and does without rows", async (_, policy) => {
    const asked = input({ rows: rowsOf([...easy, ["tool", "ripe old apple"]]), validation, seeds: given(easy, "s") });
    expect(await policy(asked)).toEqual(await policy(asked));
    const { count } = await policy(input({ validation, seeds: given(easy, "s") }));
    expect(count.length).toBe(2);
  });
});
