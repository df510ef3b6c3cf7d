// An old Node is told so in one line, before anything is imported that it could stumble over.
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

it("engines and the program's door name the same versions", () => {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { engines: { node: string } };
  expect(engines.node).toBe("^20.19.0 || >=22.12.0");
});

/** Arguments of a Node that says it is of this version. */
function pretending(version: string): string[] {
  const pretend = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
  return ["--import", `data:text/javascript,${encodeURIComponent(pretend)}`];
}

it.each(["18.20.8", "20.18.3", "21.7.3", "22.11.0"])("refuses Node %s", async (version) => {
  const args = [...pretending(version), join(root, "dist/cli/main.js"), "doctor"];
  const error = await promisify(execFile)(process.execPath, args).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(error).toMatchObject({
    code: 1,
    stderr: `corrsynth: Expected Node 20.19, 22.12 or newer, this is ${version}: see https://nodejs.org\n`,
  });
});

it.each(["index", "io", "testing", "arena/index", "evaluate/index", "report/index", "queue/index"])(
  "so is whoever imports %s",
  async (entry) => {
    const program = `import(${JSON.stringify(`${root}/dist/${entry}.js`)}).catch(({ code, message }) => console.log(code, message))`;
    const args = [...pretending("18.20.8"), "--input-type=module", "--eval", program];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).toBe(
      "CORRSYNTH_BINDING Expected Node 20.19, 22.12 or newer, this is 18.20.8: see https://nodejs.org\n",
    );
  },
);

// An old one links all imports before it runs any: it must not stumble over a name that its own modules lack.
it("what Node 18 lacks is imported by no name", () => {
  const files = readdirSync(join(root, "lib"), { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts"));
  const imports = files.filter((file) =>
    /import \{[^}]*\b(?:crc32|createZstdDecompress|zstdDecompress(?:Sync)?)\b[^}]*\} from "node:zlib"/.test(
      readFileSync(join(root, "lib", file), "utf8"),
    ),
  );
  expect(imports).toEqual([]);
});
