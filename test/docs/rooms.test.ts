// The map of lib/ in CONTRIBUTING.md names the rooms that the layer check holds, in their order.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

it("CONTRIBUTING.md shows every room of lib/, from top to bottom", () => {
  const list = /const rooms = \[([\s\S]*?)\]\.map/.exec(read("scripts/check-layers.mjs"))![1]!;
  const held = [...list.matchAll(/"([^"]+)"/g)].map(([, room]) => room);
  const table = /\| room of `lib\/` \|[\s\S]*?\n\n/.exec(read("CONTRIBUTING.md"))![0];
  const shown = table.split("\n").flatMap((line) => [...(line.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)]);
  expect(shown.map(([, room]) => room).filter((room) => room !== "lib/")).toEqual(held);
});
