// Labels of which few rows stay are named, with what most of the others are.
import { expect, it } from "vitest";
import { labelRemarks } from "../../../lib/run/label-remarks.js";

const counts = (accepted: number, rejected: Record<string, number>, takenFor?: Record<string, number>) => ({
  ...{ accepted, surplus: 0, rejected },
  ...(takenFor === undefined ? {} : { takenFor }),
});

it.each<[string, ReturnType<typeof counts>, string[]]>([
  ["too few rows to say", counts(1, { copy: 10 }), []],
  ["a third stays", counts(4, { copy: 8 }), []],
  [
    "less than a third",
    counts(3, { copy: 3, assistant: 6 }),
    ['3 of 12 rows of "a" pass the filters (25 %), most of the others are rejected as "assistant"'],
  ],
  [
    "none",
    counts(0, { copy: 12 }),
    ['0 of 12 rows of "a" pass the filters (0 %), most of the others are rejected as "copy"'],
  ],
  ["surplus rows passed", { ...counts(0, { copy: 8 }), surplus: 4 }, []],
  [
    "the check rejects them: it is named alone",
    counts(2, { label: 10 }, { a: 2, b: 7, c: 3 }),
    ['The label check keeps 2 of 12 rows of "a" (17 %), and takes most of the others for "b"'],
  ],
])("%s", (_, count, expected) => {
  const remarks = labelRemarks([{ name: "a" }], [count]);
  expect(remarks.map((remark) => remark.split(":")[0])).toEqual(expected);
});
