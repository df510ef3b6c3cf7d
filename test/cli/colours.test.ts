// Colours are for terminals that want them, and no text brings its own.
import { expect, it } from "vitest";
import { colours } from "../../lib/cli/colours.js";
import { previewText } from "../../lib/cli/preview-text.js";
import { previewed } from "./environment.js";

it.each<[boolean, Record<string, string>, boolean]>([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: "1" }, false],
  [true, { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
  [true, { TERM: "dumb" }, false],
  [false, { FORCE_COLOR: "1" }, true],
  [false, { FORCE_COLOR: "0" }, false],
])("terminal %s with %o: %s", (isTty, environment, isColoured) => {
  const paint = colours({ isTty }, environment);
  expect(paint("user", "a\n\nb")).toBe(isColoured ? "\x1b[36ma\x1b[0m\n\n\x1b[36mb\x1b[0m" : "a\n\nb");
});

it("a chat shows who says what, under a legend; what a text holds of colours is made visible", () => {
  const text = "<user>ask\x1b[31m<assistant>";
  const parts = [{ text: "<user>" }, { text: "ask\x1b[31m", role: "user" as const }, { text: "<assistant>" }];
  const found = previewed({
    format: "chat",
    prompts: [{ label: "animal", text, parts }],
    rows: previewed().rows.slice(0, 1),
  });
  const shown = previewText(found, colours({ isTty: true }, {}));
  expect(shown).toContain("\x1b[2mtemplate\x1b[0m · \x1b[36muser\x1b[0m · \x1b[1;32mwritten\x1b[0m\n\n");
  expect(shown).toContain("\x1b[2m<user>\x1b[0m\x1b[36mask\\u{1b}[31m\x1b[0m\x1b[2m<assistant>\x1b[0m\n");
  expect(shown).toContain("\x1b[1;32mevil\\u{1b}[2Jtext\x1b[0m\n");
  expect(previewText(found, colours({ isTty: false }, {}))).not.toContain("\x1b");
});
