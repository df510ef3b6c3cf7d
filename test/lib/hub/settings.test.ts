import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { hubSettings } from "../../../lib/hub/settings.js";

const none = { HF_TOKEN_PATH: "/nowhere/token" };

it("the cache is where Hugging Face's tools have it", async () => {
  const cacheOf = async (env: NodeJS.ProcessEnv, cache?: string) =>
    (await hubSettings({ cache }, { ...none, ...env })).cache;
  expect(await cacheOf({})).toBe(join(homedir(), ".cache/huggingface/hub"));
  expect(await cacheOf({ XDG_CACHE_HOME: "/x" })).toBe("/x/huggingface/hub");
  expect(await cacheOf({ XDG_CACHE_HOME: "/x", HF_HOME: "/h" })).toBe("/h/hub");
  expect(await cacheOf({ HF_HOME: "/h", HF_HUB_CACHE: "/c" })).toBe("/c");
  expect(await cacheOf({ HF_HOME: "~/h", HF_HUB_CACHE: "" })).toBe(join(homedir(), "h/hub"));
  expect(await cacheOf({ HF_HUB_CACHE: "/c" }, "/mine")).toBe("/mine");
});

it("the token is that of the environment, else that of the login, else none", async () => {
  const folder = await mkdtemp(join(tmpdir(), "corrsynth-token-"));
  await writeFile(join(folder, "token"), "hf_file\n");
  const tokenOf = async (env: NodeJS.ProcessEnv) => (await hubSettings({}, env)).token;
  expect(await tokenOf({ HF_HOME: folder })).toBe("hf_file");
  expect(await tokenOf({ HF_HOME: folder, HF_TOKEN: " hf_env " })).toBe("hf_env");
  expect(await tokenOf({ HF_TOKEN_PATH: join(folder, "token") })).toBe("hf_file");
  expect(await tokenOf(none)).toBe(undefined);
  expect(await tokenOf({ HF_TOKEN_PATH: join(folder, "token/none") })).toBe(undefined);
  await expect(tokenOf({ HF_TOKEN_PATH: folder })).rejects.toThrow(/Expected the file of an access token \(EISDIR/);
  await rm(folder, { recursive: true });
});

it("an endpoint or a token that cannot be used is refused, the token without showing it", async () => {
  for (const HF_ENDPOINT of ["huggingface.co", "ftp://x", "file:///etc", "https://user@x"]) {
    await expect(hubSettings({}, { ...none, HF_ENDPOINT })).rejects.toThrow(InvalidConfigError);
  }
  const error = await hubSettings({}, { HF_TOKEN: "hf_secret\r\nx-evil: 1" }).catch((thrown: Error) => thrown);
  expect(error).toBeInstanceOf(InvalidConfigError);
  expect((error as Error).message).not.toContain("secret");
  expect((await hubSettings({}, { ...none, HF_ENDPOINT: "https://mirror.test/hf/" })).endpoint).toBe(
    "https://mirror.test/hf",
  );
});

it("it is offline where HF_HUB_OFFLINE says so", async () => {
  const offline = async (value: string) => (await hubSettings({}, { ...none, HF_HUB_OFFLINE: value })).offline;
  expect(await Promise.all(["1", "true", "YES", "on", "0", "false", ""].map(offline))).toEqual([
    ...[true, true, true, true],
    ...[false, false, false],
  ]);
});
