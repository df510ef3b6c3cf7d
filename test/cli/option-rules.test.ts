// An option that would have no effect beside what else is given is refused, all of them at once, and nothing is done.
import { expect, it } from "vitest";
import { cli } from "./environment.js";

const from = /Expected --from FILE beside it/;

it.each<[line: string, options: string, message: RegExp]>([
  ["init --per-label 5", "--per-label", from],
  ["init --seed 0", "--seed", from],
  ["init --text-column body", "--text-column", from],
  ["init --label-column topic", "--label-column", from],
  ["init --exclude test.csv", "--exclude", from],
  ["init --preset trec --per-label 5 --seed 1", "--per-label, --seed", from],
  ["init --kind tweet", "--kind", /Expected --from FILE beside it and no --preset/],
  ["init --from a.csv --preset imdb --kind tweet", "--kind", /no --preset/],
  ["init --progress plain", "--progress", /Expected --model beside it/],
  ["run t.yaml --out run --groups 3", "--groups", /Expected --shard beside it/],
  ["status run --queue redis://localhost --rejected 5", "--rejected", /Expected no --queue beside it/],
  ["evaluate run --match-labels", "--match-labels", /name them with --gold FILE/],
  ["evaluate run --match-labels --skip-unknown-labels", "--match-labels, --skip-unknown-labels", /--gold FILE/],
  ["compare a b --out c --skip-unknown-labels --gold-train g", "--skip-unknown-labels", /name them with --gold FILE/],
  ["evaluate run --gold-text-column body", "--gold-text-column", /--gold FILE or --gold-train FILE/],
  [
    "compare a b --out c --gold-label-column l --gold-names x,y",
    "--gold-label-column, --gold-names",
    /--gold-train FILE/,
  ],
  ["export run --format csv --out o --seeds s.jsonl", "--seeds", /Expected --with-seeds beside it/],
  ["export run --format csv --out o --seed 3", "--seed", /Expected --validation SHARE beside it/],
  ["export run --format jsonl --out o --no-escape-formulas", "--no-escape-formulas", /Expected --format csv beside it/],
  ["export run --format csv --out o --name n --license mit", "--name, --license", /Expected --format hf beside it/],
  ["export run --format parquet --out o --language en", "--language", /Expected --format hf beside it/],
  [
    "retrieve --corpus c --queries q --min-cosine 0.5 --threads 2",
    "--min-cosine, --threads",
    /Expected --embedder MODEL/,
  ],
  ["retrieve --corpus c --queries q --no-label --label-column topic", "--label-column", /Expected no --no-label/],
  ["worker --queue redis://localhost --quiet --progress bar", "--progress", /Expected no --quiet beside it/],
])("corrsynth %s: %s", async (line, options, message) => {
  const { code, stdout, stderr } = await cli(line.split(" "));
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toContain(`${options}: `);
});

it("says all of them at once", async () => {
  const { stderr } = await cli(
    "export run --format jsonl --out o --seed 3 --name n --seeds s --no-escape-formulas".split(" "),
  );
  expect(stderr.match(/^.*--[\w-]+: Expected/gm)).toHaveLength(4);
});

// Each is refused for another reason, behind the rules.
it.each([
  "export none --format hf --out o --validation 0.1 --seed 3 --name n --with-seeds --seeds s",
  "export none --format csv --out o --no-escape-formulas",
  "evaluate none --gold none --match-labels --gold-names a,b",
  "evaluate none --gold-train none --gold-text-column b",
  "init t.yaml --from none --per-label 5 --seed 1 --kind tweet --text-column b --label-column l",
  "run none --out run --shard 0/2 --groups 3",
  "status none --rejected 5",
])("lets through: corrsynth %s", async (line) => {
  const { code, stderr } = await cli(line.split(" "));
  expect(code).toBe(2);
  expect(stderr).not.toMatch(/beside it/);
});
