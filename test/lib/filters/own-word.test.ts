// The caller's own filter, row by row or a group at once: what its verdicts mean, and what is none.
import { expect, it } from "vitest";
import type { Instance } from "../../../lib/instance.js";
import type { Accept, AcceptGroup } from "../../../lib/task/spec.js";
import { acceptanceOf, row } from "./row.js";

const rows = ["a", "b", "c"].map((text, i) => row(text, { id: `4.${i}`, group: 4 }));
const wordOn = ({ text }: Instance) => (text === "c" ? "too dull" : text !== "b");

it("takes the caller's word, at once or later, on rows or on their group", async () => {
  const later = <Word>(word: Word) => new Promise<Word>((resolve) => setImmediate(resolve, word));
  const table: { accept?: Accept; acceptGroup?: AcceptGroup }[] = [
    { accept: wordOn },
    { accept: (instance) => later(wordOn(instance)) },
    { acceptGroup: (group) => group.map(wordOn) },
    { acceptGroup: (group) => later(group.map(wordOn)) },
  ];
  for (const filters of table) {
    const refused = await acceptanceOf(filters).ask(rows);
    expect([...refused]).toEqual([
      [rows[1], "accept"],
      [rows[2], "too dull"],
    ]);
  }
});

it("is asked once about a group, and not about rows that repeat one of an earlier group", async () => {
  const asked: string[][] = [];
  const acceptance = acceptanceOf({
    acceptGroup: (group) => {
      asked.push(group.map(({ text }) => text));
      return group.map(() => true);
    },
  });
  acceptance.remember(row("b"));
  await acceptance.ask([...rows, row("a")]);
  await acceptance.ask([row("B")]);
  expect(asked).toEqual([["a", "c", "a"]]); // and about no group of which nothing is left
});

it("says which row or group it was asked about when it fails, or says nothing that is a verdict", async () => {
  const fail = () => {
    throw new Error("no opinion");
  };
  const verdict = "true, false or a reason as text";
  const table: [filters: object, message: string][] = [
    [{ accept: fail }, "filters.accept failed: no opinion, at row 4.0"],
    [{ accept: async () => fail() }, "filters.accept failed: no opinion, at row 4.0"],
    [{ acceptGroup: async () => fail() }, "filters.acceptGroup failed: no opinion, at group 4"],
    [{ accept: () => undefined }, `Expected filters.accept to return ${verdict}, received nothing, at row 4.0`],
    [{ accept: async () => " " }, `Expected filters.accept to return ${verdict}, received " ", at row 4.0`],
    [
      { acceptGroup: () => [true] },
      "Expected filters.acceptGroup to return a list of 3 verdicts, received 1, at group 4",
    ],
    [
      { acceptGroup: () => true },
      "Expected filters.acceptGroup to return a list of 3 verdicts, received true, at group 4",
    ],
    [{ acceptGroup: () => [true, 1, true] }, `Expected filters.acceptGroup to say ${verdict}, received 1, at row 4.1`],
  ];
  for (const [filters, message] of table) {
    const asking = acceptanceOf(filters).ask(rows);
    await expect(asking).rejects.toMatchObject({ code: "CORRSYNTH_FILTER", message });
  }
});

it("is one of both", () => {
  expect(() => acceptanceOf({ accept: () => true, acceptGroup: (group) => group.map(() => true) })).toThrow(
    "filters.acceptGroup: Expected either this or filters.accept, received both",
  );
});
