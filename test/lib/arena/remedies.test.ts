// Refusals of run directories say what to do about the run of an arena: none of its commands has --fresh.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { asOfArena } from "../../../lib/arena/remedies.js";
import { InvalidConfigError } from "../../../lib/index.js";

const told = (message: string) =>
  (asOfArena(new InvalidConfigError([{ path: "x", message }]), "DIR/arms/a/seed-0") as InvalidConfigError).issues[0]!
    .message;
const remedy = "or move DIR/arms/a/seed-0 away: the same command makes that run anew";

it.each([
  ["Restore it, or start over with --fresh", `Restore it, ${remedy}`],
  ["choose another directory, or --fresh to move it aside", `choose another directory, ${remedy}`],
  [
    "choose another directory, or --fresh, which moves the old files to DIR/arms/a/seed-0/old-DATE",
    `choose another directory, ${remedy}`,
  ],
  ["Expected 4, received 5", "Expected 4, received 5"],
])("%s", (message, expected) => {
  expect(told(message)).toBe(expected);
});

it("leaves other errors as they are", () => {
  const error = new Error("or start over with --fresh");
  expect(asOfArena(error, "x")).toBe(error);
});

it("knows every way in which the store says it", () => {
  const store = resolve(import.meta.dirname, "../../../lib/store");
  const files = readdirSync(store).map((name) => readFileSync(join(store, name), "utf8"));
  const messages = files.flatMap((text) => text.match(/or (?:start over with )?--fresh[^"`;]*/gu) ?? []);
  expect(messages.length).toBeGreaterThanOrEqual(6);
  for (const message of messages) expect(told(message.replaceAll(/\$\{.*\}/gu, "old-DATE"))).not.toContain("--fresh");
});
