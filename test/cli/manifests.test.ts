// The manifests under examples/: they parse, and every corrsynth command in them is one that there is, with options that it has.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { cli } from "./environment.js";

const examples = fileURLToPath(new URL("../../examples", import.meta.url));
const read = (path: string) => readFileSync(join(examples, path), "utf8");
const filesOf = (folder: string) => readdirSync(join(examples, folder)).map((name) => `${folder}/${name}`);

const optionsOf = new Map<string, Promise<string>>();
async function expectCommand(args: readonly string[], place: string): Promise<void> {
  const [command = "", ...rest] = args;
  const help = optionsOf.get(command) ?? cli([command, "--help"]).then(({ code, stdout }) => `${code} ${stdout}`);
  optionsOf.set(command, help);
  expect(await help, `${place}: ${command}`).toMatch(new RegExp(`^0 Usage: corrsynth ${command} `));
  for (const option of rest.filter((arg) => arg.startsWith("--"))) {
    expect(await help, `${place}: ${command} ${option}`).toContain(`${option} `);
  }
}

/** Every list of arguments in a manifest: `args` of a container of ours, `command` of a compose service. */
function argumentsIn(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [];
  const { image, args, command } = value as { image?: unknown; args?: unknown; command?: unknown };
  const own = /^corrsynth\b/.test(String(image)) ? [args ?? command] : [];
  return [...own.filter(Array.isArray), ...Object.values(value).flatMap(argumentsIn)] as string[][];
}

test.each([...filesOf("kubernetes"), ...filesOf("compose").filter((path) => path.endsWith(".yaml"))])(
  "%s is sound YAML, without a key twice, and its commands exist",
  async (path) => {
    const documents = parseAllDocuments(read(path), { uniqueKeys: true });
    expect(documents).not.toHaveLength(0);
    const lists: string[][] = [];
    for (const document of documents as { errors: unknown[]; warnings: unknown[]; toJS(): unknown }[]) {
      expect([...document.errors, ...document.warnings]).toEqual([]);
      lists.push(...argumentsIn(document.toJS()));
    }
    expect(lists.length).toBeGreaterThan(0);
    for (const list of lists) await expectCommand(list, path);
  },
);

test.each(filesOf("kubernetes"))(
  "%s: every object has a version, a kind and a name, and containers have limits",
  (path) => {
    for (const document of parseAllDocuments(read(path)) as { toJS(): unknown }[]) {
      const object = document.toJS() as { apiVersion: string; kind: string; metadata: { name: string }; spec: object };
      expect(object).toMatchObject({ apiVersion: expect.any(String), kind: expect.any(String) });
      expect(object.metadata.name).toMatch(/^[a-z][a-z0-9-]*$/);
      const containers = JSON.stringify(object.spec).match(/"containers":/g) ?? [];
      const limits = JSON.stringify(object.spec).match(/"limits":/g) ?? [];
      expect(limits.length).toBe(containers.length);
    }
  },
);

test("the shards of the Kubernetes job are as many as its completions", () => {
  const job = parseAllDocuments(read("kubernetes/shards.yaml"))[0]!.toJS() as {
    spec: { completions: number; template: { spec: { containers: { args: string[] }[] } } };
  };
  const { args } = job.spec.template.spec.containers[0]!;
  expect(args[args.indexOf("--shard") + 1]).toBe(`auto/${job.spec.completions}`);
});

test.each(filesOf("slurm"))("%s is a sound shell script whose commands exist", async (path) => {
  const { status, stderr } = spawnSync("bash", ["-n", join(examples, path)], { encoding: "utf8" });
  expect(status, stderr).toBe(0);
  const commands = read(path)
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .flatMap((line) => [...line.matchAll(/\bcorrsynth (.*)$/g)].map((match) => match[1]!.split(" ")));
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands)
    await expectCommand(
      command.filter((arg) => !arg.includes("$") || arg.startsWith("--")),
      path,
    );
});
