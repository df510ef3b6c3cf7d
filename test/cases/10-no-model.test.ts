// Case 10: a teacher that is no model says what it is, and what to do.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readTaskFile } from "../../lib/cli/task-file.js";
import { checkModelFile } from "../../lib/engine/model-file.js";
import { expandHome } from "../../lib/files/home.js";
import { isHubUri, parseHubUri } from "../../lib/hub/uri.js";
import { loadTeacher } from "../../lib/index.js";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-no-model-"));
});
afterAll(() => rm(directory, { recursive: true }));

const here = (name: string) => resolve(import.meta.dirname, name);
const problem = (path: string) =>
  checkModelFile(path).then(
    () => "a model",
    ({ message }: Error) => message,
  );

test("a Git LFS pointer and a web page", async () => {
  expect(await problem(here("10-pointer.gguf"))).toMatch(
    /10-pointer\.gguf": a Git LFS pointer in place of the model, which has 4\.7 GB: run git lfs pull/,
  );
  expect(await problem(here("10-page.gguf"))).toMatch(
    /a web page in place of the model.*corrsynth pull hf:owner\/repo\/file\.gguf/,
  );
  for (const [name, message] of [
    ["10-pointer.yaml", /git lfs pull/],
    ["10-page.yaml", /a web page/],
  ] as const) {
    await expect(loadTeacher((await readTaskFile(here(name))).teacher)).rejects.toThrow(message);
  }
});

const zip = Buffer.from([0x50, 0x4b, 3, 4, 0, 0]);
const safetensors = Buffer.concat([Buffer.from([64, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{"__metadata__":{}}')]);
test.each<[name: string, content: string | Buffer, message: RegExp]>([
  [
    "model.safetensors",
    safetensors,
    /a safetensors file, no GGUF file: convert.*convert_hf_to_gguf\.py, or fetch a GGUF/,
  ],
  ["model.onnx", Buffer.from([8, 7, 0x12, 7]), /an ONNX file.*original weights/],
  ["model.zip", zip, /a zip archive: unpack it/],
  ["pytorch_model.bin", zip, /weights of PyTorch.*convert_hf_to_gguf/],
  ["model.gguf.gz", Buffer.from([0x1f, 0x8b, 8]), /a gzip archive: unpack it \(gunzip\)/],
  ["old.bin", "tjgg\x03", /before GGUF/],
  ["error.gguf", '{"error":"Invalid credentials"}', /a server's error message/],
  ["empty.gguf", "", /it is empty.*fetch it again/],
  ["notes.gguf", 'say "hi"', /not a GGUF file, it starts with "say "/],
  ["quote.gguf", '"\u0000', /not a GGUF file, it starts with "\\x22\\x00"/],
])("%s", async (name, content, message) => {
  const path = join(directory, name);
  await writeFile(path, content);
  expect(await problem(path)).toMatch(message);
});

test("folders say which file to name, or how to come by one", async () => {
  const folder = async (name: string, ...files: string[]) => {
    await mkdir(join(directory, name));
    for (const file of files) await writeFile(join(directory, name, file), "x");
    return problem(join(directory, name));
  };
  expect(await folder("ggufs", "b.Q8_0.gguf", "a.Q4.gguf")).toMatch(
    /a folder: name the file in it, "a\.Q4\.gguf", "b\.Q8_0\.gguf"$/,
  );
  expect(await folder("transformers", "config.json", "model.safetensors")).toMatch(/transformers reads them.*convert/);
  expect(await folder("nothing", "readme")).toMatch(/a folder without a \.gguf file/);
  expect(await problem(join(directory, "gone.gguf"))).toMatch(/there is no such file/);
});

test("the address of a page of the hub is its file there", async () => {
  const { teacher } = await readTaskFile(here("10-url.yaml"));
  expect(teacher).toBe("https://huggingface.co/owner/repo/resolve/main/model.gguf");
  const file = { repository: "owner/repo", revision: "main", file: "model.gguf" };
  const table: [address: string, expected: object][] = [
    [teacher, file],
    ["https://huggingface.co/owner/repo/blob/main/model.gguf", file],
    ["https://huggingface.co/owner/repo/resolve/main/model.gguf?download=true", file],
    ["https://hf.co/owner/repo/raw/v1.0/q4/a%20b.gguf", { ...file, revision: "v1.0", file: "q4/a b.gguf" }],
    ["https://huggingface.co/owner/repo/blob/refs%2Fpr%2F3/model.gguf", { ...file, revision: "refs/pr/3" }],
    ["https://huggingface.co/owner/repo", { ...file, file: "" }],
    ["https://huggingface.co/owner/repo/", { ...file, file: "" }],
    ["https://huggingface.co/owner/repo/tree/main/folder", { ...file, file: "" }],
  ];
  for (const [address, expected] of table) expect([address, parseHubUri(address)]).toEqual([address, expected]);
  expect(["https://example.org/a/b/resolve/main/x.gguf", "http//huggingface.co/a/b"].map(isHubUri)).toEqual([
    false,
    false,
  ]);
  vi.stubEnv("HF_ENDPOINT", "https://mirror.example");
  expect(parseHubUri("https://mirror.example/owner/repo/blob/main/model.gguf")).toEqual(file);
  vi.unstubAllEnvs();
  await expect(loadTeacher("https://example.org/model.gguf")).rejects.toThrow(/download the file and give its path/);
});

test('a leading "~" is the home directory, in a task and for a library', async () => {
  expect((await readTaskFile(here("10-tilde.yaml"))).teacher).toBe(join(homedir(), "models/model.gguf"));
  await expect(loadTeacher("~/no-such-folder/model.gguf")).rejects.toThrow(
    `"${join(homedir(), "no-such-folder/model.gguf")}"`,
  );
  const paths = ["~", "~/a", "~\\a", "./~/a", "a/~", "~user/a"].map((path) => expandHome(path, "/home/me"));
  expect(paths).toEqual(["/home/me", "/home/me/a", join("/home/me", "\\a"), "./~/a", "a/~", "~user/a"]);
});
