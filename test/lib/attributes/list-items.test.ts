// What a language model writes when it is asked for a list, read without believing any of it.
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { listItems } from "../../../lib/attributes/list-items.js";

describe("items", () => {
  const cases: [name: string, answer: string, items: string[]][] = [
    ["numbers", "1. football\n2) Ice hockey\n(3) tennis\n4: golf", ["football", "Ice hockey", "tennis", "golf"]],
    ["bullets", "- football\n* tennis\n• golf\n— chess", ["football", "tennis", "golf", "chess"]],
    [
      "marks and quotes",
      '1. **Football**\n2. "Tennis".\n3. `golf`\n4. _chess_;',
      ["Football", "Tennis", "golf", "chess"],
    ],
    [
      "explanations",
      "1. Football: a game of eleven\n2. Tennis - with rackets\n3. Golf (18 holes)\n4. **Chess**: slow",
      ["Football", "Tennis", "Golf", "Chess"],
    ],
    [
      "talk around the list",
      "Sure! Here are some:\n1. golf\n2. chess\nLet me know if you need more.",
      ["golf", "chess"],
    ],
    ["lines without marks", "golf\nice hockey\n\nchess", ["golf", "ice hockey", "chess"]],
    ["one line with commas", "golf, chess, ice hockey and more", ["golf", "chess", "ice hockey and more"]],
    ["repeats", "1. golf\n2. Golf\n3. GOLF.", ["golf"]],
    ["hyphens inside words", "1. well-being\n2. sci-fi", ["well-being", "sci-fi"]],
    ["other scripts", "1. 足球\n2. Zu\u0308rich", ["足球", "Zürich"]],
    ["no names", "1. \n2. 12\n3. ...\n4. golf", ["golf"]],
    ["sentences", "1. one two three four five six seven\n2. golf", ["golf"]],
    ["what could do harm", "1. <script>x</script>\n2. {label}\n3. a\u202eb\n4. see https://x.y\n5. golf", ["golf"]],
    ["several in one", "1. golf, chess\n2. tennis", ["tennis"]],
    ["nothing", "", []],
  ];
  test.each(cases)("%s", (_, answer, items) => expect(listItems(answer, false)).toEqual(items));

  test("the last line of an answer that was cut is left out, unless it is all there is", () => {
    expect(listItems("1. golf\n2. ice hoc", true)).toEqual(["golf"]);
    expect(listItems("1. golf", true)).toEqual(["golf"]);
  });
});

it("are short names, each once, whatever was written, in time", () => {
  const sign = fc.constantFrom(..."ab1.) -*:(\n\r,;{}<>\"'“é足\u202e\u0000 ".split(""));
  fc.assert(
    fc.property(fc.string({ unit: sign, maxLength: 200 }), fc.boolean(), (answer, isCut) => {
      const items = listItems(answer, isCut);
      expect(new Set(items.map((item) => item.toLowerCase())).size).toBe(items.length);
      for (const item of items) {
        expect(item).toBe(item.trim());
        expect(item).toMatch(/^[^\p{Cc}<>{},;]{1,60}$/u);
        expect(item).toMatch(/\p{L}/u);
      }
    }),
    { numRuns: 2000 },
  );
  for (const unit of ["1. ", " - ", "**", "(", '"', "a ", "- "]) {
    const started = performance.now();
    listItems(unit.repeat(100_000), false);
    expect(performance.now() - started).toBeLessThan(2000);
  }
});
