import { expect, it } from "vitest";
import { attributeLines } from "../../lib/cli/attribute-lines.js";

it("an attribute has a line, or one for each label where labels have values of their own", () => {
  const attributes = {
    style: { sports: { news: 3, blog: 2 }, business: { news: 2, blog: 0 } },
    subtopic: { sports: { football: 5 }, business: { banks: 1, oil: 1200 } },
    code: { sports: Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`v${i}`, i])), business: {} },
  };
  expect(attributeLines(attributes)).toEqual([
    ["style", "news 5, blog 2"],
    ["subtopic, sports", "football 5"],
    ["subtopic, business", "oil 1,200, banks 1"],
    [
      "code, sports",
      "v13 13, v12 12, v11 11, v10 10, v9 9, v8 8, v7 7, v6 6, v5 5, v4 4, v3 3, v2 2, and 2 more down to 0",
    ],
    ["code, business", ""],
  ]);
});

it("values may be called as the members of objects are", () => {
  const counts = JSON.parse('{ "constructor": 2, "__proto__": 1 }') as Record<string, number>;
  expect(attributeLines({ style: { sports: counts, business: counts } })).toEqual([
    ["style", "constructor 4, __proto__ 2"],
  ]);
});
