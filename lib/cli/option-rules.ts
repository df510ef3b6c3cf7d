// Options that have an effect beside another one only: without it they are refused, not ignored.
import type { Command } from "commander";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";

/** What was given on the command line. */
interface Given {
  /** Whether an option was. */
  has(flag: string): boolean;
  /** Its value, or its default. */
  value(flag: string): unknown;
}

/** Options of some commands that need something else. */
interface Rule {
  readonly commands: readonly string[];
  /** As they are written, such as "--per-label". */
  readonly options: readonly string[];
  readonly isMet: (given: Given) => boolean;
  /** What was expected, and why. */
  readonly expected: string;
}

const evaluations = ["evaluate", "compare"];
const needs =
  (...flags: readonly string[]): Rule["isMet"] =>
  ({ has }) =>
    flags.some(has);

/** Every such option. What takes more than the command line to see is refused where it is seen. */
const rules: readonly Rule[] = [
  {
    commands: ["init"],
    options: ["--text-column", "--label-column", "--per-label", "--seed", "--exclude"],
    isMet: needs("--from"),
    expected: "Expected --from FILE beside it: it is about the examples of that file",
  },
  {
    commands: ["init"],
    options: ["--kind"],
    isMet: ({ has }) => has("--from") && !has("--preset"),
    expected: "Expected --from FILE beside it and no --preset, which says the kind itself",
  },
  {
    commands: ["init"],
    options: ["--progress"],
    isMet: needs("--model"),
    expected: "Expected --model beside it: it is about the download of that model",
  },
  {
    commands: ["run"],
    options: ["--groups"],
    isMet: needs("--shard"),
    expected: "Expected --shard beside it: a whole run makes as many groups as its rows take",
  },
  {
    commands: ["replay"],
    options: ["--likely"],
    isMet: needs("--trace"),
    expected: "Expected --trace beside it: it is about the steps of a trace",
  },
  {
    commands: ["status"],
    options: ["--rejected"],
    isMet: ({ has }) => !has("--queue"),
    expected: "Expected no --queue beside it: a queue has no rejected rows, the directory of collect has them",
  },
  {
    commands: evaluations,
    options: ["--match-labels", "--skip-unknown-labels"],
    isMet: needs("--gold"),
    expected: "Expected gold rows, which this is about: name them with --gold FILE",
  },
  {
    commands: evaluations,
    options: ["--gold-text-column", "--gold-label-column", "--gold-names"],
    isMet: needs("--gold", "--gold-train"),
    expected: "Expected --gold FILE or --gold-train FILE beside it: it is about these files",
  },
  {
    commands: ["export"],
    options: ["--seeds"],
    isMet: needs("--with-seeds"),
    expected: "Expected --with-seeds beside it, which adds the seeds: add it, or leave this out",
  },
  {
    commands: ["export"],
    options: ["--seed"],
    isMet: needs("--validation"),
    expected: "Expected --validation SHARE beside it: it is the seed of that split",
  },
  {
    commands: ["export"],
    options: ["--no-escape-formulas"],
    isMet: ({ value }) => value("--format") === "csv",
    expected: "Expected --format csv beside it: other formats escape nothing",
  },
  {
    commands: ["export"],
    options: ["--name", "--language", "--license"],
    isMet: ({ value }) => value("--format") === "hf",
    expected: "Expected --format hf beside it: it is about the card, which other formats have not",
  },
  {
    commands: ["export"],
    options: ["--push"],
    isMet: ({ value }) => value("--format") === "hf",
    expected: "Expected --format hf beside it: what the hub shows is that folder, with its card",
  },
  {
    commands: ["export"],
    options: ["--dry-run"],
    isMet: needs("--push"),
    expected: "Expected --push URI beside it: it is about what that would do",
  },
  {
    commands: ["export"],
    options: ["--json"],
    isMet: ({ value }) => value("--out") !== "-",
    expected: "Expected a file or directory with --out beside it: on stdout are the rows",
  },
  {
    commands: ["retrieve"],
    options: ["--min-cosine", "--max-cosine", "--threads"],
    isMet: needs("--embedder"),
    expected: "Expected --embedder MODEL beside it: BM25 has no cosine and one thread",
  },
  {
    commands: ["retrieve"],
    options: ["--label-column"],
    isMet: ({ has }) => !has("--no-label"),
    expected: "Expected no --no-label beside it, which reads no label",
  },
  {
    commands: ["worker"],
    options: ["--progress"],
    isMet: ({ has }) => !has("--quiet"),
    expected: "Expected no --quiet beside it, which shows nothing of a download",
  },
];

/**
 * Refuses options that would have no effect, all at once.
 * @param command  whose options were read.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with each of them, and what it needs.
 */
export function checkOptionRules(command: Command): void {
  const optionOf = (flag: string) => command.options.find(({ long }) => long === flag)!;
  const given: Given = {
    has: (flag) => command.getOptionValueSource(optionOf(flag).attributeName()) === "cli",
    value: (flag) => command.getOptionValue(optionOf(flag).attributeName()) as unknown,
  };
  const issues = rules.flatMap(({ commands, options, isMet, expected }): ConfigIssue[] => {
    if (!commands.includes(command.name())) return [];
    const misplaced = options.filter((flag) => given.has(flag));
    return misplaced.length === 0 || isMet(given) ? [] : [{ path: misplaced.join(", "), message: expected }];
  });
  if (issues.length > 0) throw new InvalidConfigError(issues);
}
