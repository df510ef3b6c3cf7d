// The drawing code of scripts/experiment on runs made by hand. It draws with the compiled package, as the experiment does.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

type Runs = Map<string, readonly object[]>;
interface Drawing {
  writeFigures(input: { runs: Runs; embedder: object; out: string }): Promise<string>;
}
interface Plan {
  readonly table: readonly { readonly title: string; readonly key: string }[];
  readonly traced: readonly { readonly title: string; readonly key: string }[];
}
const at = (name: string) => new URL(`../../scripts/experiment/${name}.mjs`, import.meta.url).href;
const { writeFigures } = (await import(at("figures"))) as Drawing;
const { table, traced } = (await import(at("plan"))) as Plan;

it("writes Figures 2 to 5 of the runs that there are, and says what they show", async () => {
  const out = await mkdtemp(join(tmpdir(), "corrsynth-figures-"));
  onTestFinished(() => rm(out, { recursive: true }));
  const rows = Array.from({ length: 20 }, (_, i) => ({ text: "x".repeat(1 + i), label: i % 2 === 0 ? "cat" : "dog" }));
  const share = rows.map((_, i) => i / 20);
  const cartography = { value: { confidence: share, variability: share.map((x) => x / 2), correctness: share } };
  const contrast = { value: { n: 20, smoothed: [3, 2, 1], sequences: [20, 10, 1] } };
  const evaluation = { cartography, contrast };
  const fewgen = table.find(({ title }) => title === "FewGen")!;
  const runs: Runs = new Map([
    ["gold", [{ seed: 1, rows, evaluation: { ...evaluation, cartography: { value: null } } }]],
    [fewgen.key, [{ seed: 1, rows, evaluation }]],
    [traced[0]!.key, [{ seed: 1, rows, evaluation }]],
  ]);
  const embed = async (texts: readonly string[]) => texts.map(({ length }) => Float32Array.of(length, 1, length % 3));
  const page = await writeFigures({ runs, embedder: { name: "lengths", embed }, out });
  const files = (await readdir(out)).sort();
  expect(files).toEqual([
    ...["figure-2.svg", "figure-3-fewgen.svg", "figure-3-gold.svg", "figure-4-fewgen.svg", "figure-4-gold.svg"],
    "figure-5-fewgen.svg",
  ]);
  for (const file of files) {
    expect(page).toContain(`](${file})`);
    expect(await readFile(join(out, file), "utf8")).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  }
  expect(page).toContain("(features: lengths)");
});
