// A folder goes to a dataset repository in one commit, or not at all; and what went wrong is told without a secret.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InvalidConfigError, UploadError } from "../../../lib/errors.js";
import { type PushOptions, pushIn } from "../../../lib/hub/push.js";
import { answers, cut, FakeDatasetHub, said, type Trick, token } from "./fake-dataset-hub.js";
import { contentOf } from "./fake-hub.js";
import { caught } from "./hub-fixture.js";

const train = "data/train-00000-of-00001.parquet";
const validation = "data/validation-00000-of-00001.parquet";
const card = Buffer.from("# A dataset\n");
const rows = contentOf(300_000);

let hub: FakeDatasetHub;
let folder: string;
beforeEach(async () => {
  hub = await FakeDatasetHub.start();
  folder = await mkdtemp(join(tmpdir(), "corrsynth-push-"));
  await mkdir(join(folder, "data"));
  await writeFile(join(folder, "README.md"), card);
  await writeFile(join(folder, train), rows);
});
afterEach(async () => {
  await hub[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const push = (options: PushOptions = {}, target = "hf:owner/name", env: NodeJS.ProcessEnv = hub.env) =>
  pushIn(
    { env, retry: { attempts: 3, firstWaitMs: 1, longestWaitMs: 2, progressBytes: 1 }, idleMs: 2000 },
    folder,
    target,
    options,
  );
const posts = () => hub.requests.filter((line) => !line.startsWith("GET") && !line.includes("/paths-info/"));

describe("a push", () => {
  it("is one commit with card and data, and the store gets no token", async () => {
    const url = `${hub.endpoint}/datasets/owner/name`;
    const files = [
      { path: "README.md", bytes: card.length, replaces: false },
      { path: train, bytes: rows.length, replaces: false },
    ];
    expect(await push({ message: "First" })).toEqual({
      url,
      isPrivate: true,
      commit: "1".repeat(40),
      files,
      removed: [],
    });
    expect(hub.commits).toEqual([
      { id: "1".repeat(40), summary: "First", lines: ["file README.md", `lfsFile ${train}`] },
    ]);
    expect([hub.files["README.md"], hub.files[train]]).toEqual([card, rows]);
    expect(hub.storeTokens).toEqual([undefined]);
  });

  it.each(["hf:owner/name@main", "hf://datasets/owner/name", "hf:datasets/owner/name"])(
    "goes to %s",
    async (target) => {
      expect(await push({}, target)).toMatchObject({ commit: "1".repeat(40) });
    },
  );

  it("changes nothing in a dry run, and says what it would", async () => {
    hub.files[validation] = contentOf(10);
    hub.files["README.md"] = Buffer.from("old");
    hub.isPrivate = false;
    expect(await push({ dryRun: true })).toMatchObject({
      ...{ isPrivate: false, commit: null, removed: [validation] },
      files: [
        { path: "README.md", replaces: true },
        { path: train, replaces: false },
      ],
    });
    expect(posts()).toEqual([]);
  });

  it("replaces data when it is told to, and takes away the split that is no more", async () => {
    hub.files[validation] = contentOf(10);
    hub.files["README.md"] = Buffer.from("old");
    hub.files["notes.txt"] = Buffer.from("by hand");
    const error = await caught(push());
    expect(error).toBeInstanceOf(InvalidConfigError);
    expect(error.message).toContain(`Expected a repository without data, but it has README.md, ${validation}: --force`);
    expect(posts()).toEqual([]);
    expect(await push({ force: true })).toMatchObject({ commit: "1".repeat(40), removed: [validation] });
    expect(Object.keys(hub.files).sort()).toEqual([".gitattributes", "README.md", train, "notes.txt"].sort());
  });

  it("that was made already is not made twice", async () => {
    await push();
    expect(await push()).toMatchObject({ commit: null });
    expect(hub.commits).toHaveLength(1);
  });
});

describe("a refusal", () => {
  it.each<[what: string, set: () => void, target: string, message: RegExp]>([
    ["a token that is not valid", () => (hub.right = "invalid"), "hf:owner/name", /the token in use .* is not valid/],
    [
      "no right to write",
      () => (hub.right = "read"),
      "hf:owner/name",
      /may not write to it; make one .*settings\/tokens/,
    ],
    [
      "a private repository of others",
      () => (hub.right = "none"),
      "hf:owner/name",
      /no dataset repository "owner\/name" that this token sees; make it at .*\/new-dataset/,
    ],
    ["a repository that is not there", () => {}, "hf:owner/gone", /no dataset repository "owner\/gone"/],
    ["a branch that is not there", () => {}, "hf:owner/name@next", /no branch "next"/],
    [
      "another commit meanwhile",
      () =>
        hub.once("POST /api/datasets/owner/name/preupload", () => {
          hub.head = "9".repeat(40);
          return false;
        }),
      "hf:owner/name",
      /somebody else committed to "main" meanwhile/,
    ],
    [
      "a store that does not take it",
      () => hub.once("PUT", answers(403)),
      "hf:owner/name",
      /Cannot upload data\/train.*answered 403; nothing was committed/,
    ],
    [
      "a hub that is not one",
      () => hub.once("GET", said({ sha: "x" })),
      "hf:owner/name",
      /to answer as the Hugging Face Hub does, received another "sha"/,
    ],
  ])("is clear: %s", async (_, set, target, message) => {
    set();
    const error = await caught(push({}, target));
    expect(error).toBeInstanceOf(UploadError);
    expect(error.message).toMatch(message);
    expect(hub.commits).toEqual([]);
  });

  it.each<[what: string, target: string, env: NodeJS.ProcessEnv, message: string]>([
    [
      "no token",
      "hf:owner/name",
      { HF_TOKEN: "" },
      "HF_TOKEN: Expected an access token in the environment, received none",
    ],
    ["offline", "hf:owner/name", { HF_HUB_OFFLINE: "1" }, "HF_HUB_OFFLINE: Expected it to be unset"],
    [
      "a file in place of a repository",
      "hf:owner/name/file.gguf",
      {},
      "target: Expected hf:owner/name or hf:owner/name@branch",
    ],
    [
      "no repository",
      "owner/name",
      {},
      'target: Expected hf:owner/name or hf:owner/name@branch, received "owner/name"',
    ],
  ])("comes before anything is asked: %s", async (_, target, env, message) => {
    expect((await caught(push({}, target, { ...hub.env, ...env }))).message).toContain(message);
    expect(hub.requests).toEqual([]);
  });

  it.each<[file: string, message: string]>([
    ["notes.txt", "README.md and data, found also notes.txt"],
    ["data/secret.csv", "README.md and data, found also data/secret.csv"],
  ])("is that of a folder with %s in it", async (file, message) => {
    await writeFile(join(folder, file), "x");
    expect((await caught(push())).message).toContain(message);
  });
});

describe("a network that goes away", () => {
  const commit = "POST /api/datasets/owner/name/commit";
  const always = (start: string, trick: Trick) => {
    for (let i = 0; i < 3; i++) hub.once(start, trick);
  };

  it.each(["GET", "POST /api/datasets/owner/name/preupload", "POST /datasets/owner/name.git/info/lfs", "PUT"])(
    "for a moment at %s is waited for",
    async (start) => {
      hub.once(start, cut);
      hub.once(start, answers(503));
      expect(await push()).toMatchObject({ commit: "1".repeat(40) });
      expect([hub.files["README.md"], hub.files[train]]).toEqual([card, rows]);
    },
  );

  it.each(["POST /api/datasets/owner/name/preupload", "PUT"])("for good at %s commits nothing", async (start) => {
    always(start, cut);
    const { message } = await caught(push());
    expect(message).toMatch(/^Cannot push to hf:owner\/name: the connection to 127.* failed .*nothing was committed/);
    expect(hub.commits).toEqual([]);
    expect(await push()).toMatchObject({ commit: "1".repeat(40) }); // the same command starts over
  });

  it("before the commit says that nothing was", async () => {
    hub.once(commit, cut);
    expect((await caught(push())).message).toMatch(/broke before the commit was made: nothing was/);
    expect(hub.commits).toEqual([]);
    const uploads = hub.requests.filter((line) => line.startsWith("PUT")).length;
    expect(await push()).toMatchObject({ commit: "1".repeat(40) });
    expect(hub.requests.filter((line) => line.startsWith("PUT"))).toHaveLength(uploads); // uploaded once
  });

  it("behind the commit finds it", async () => {
    hub.once(commit, (request, response) => {
      response.end = () => {
        request.socket.destroy();
        return response;
      };
      return false;
    });
    expect(await push()).toMatchObject({ commit: "1".repeat(40) });
    expect(hub.commits).toHaveLength(1);
  });

  it("at the commit for good says that nobody knows", async () => {
    hub.once(commit, (request) => {
      always("GET", cut);
      request.socket.destroy();
      return true;
    });
    expect((await caught(push())).message).toMatch(
      /whether it was is not known, look at .*\/datasets\/owner\/name\/commits/,
    );
  });
});

it("nothing secret is told, whatever goes wrong", async () => {
  const tricks: [string, Trick][] = [
    ["PUT", answers(403)],
    ["PUT", answers(500)],
    ["GET", answers(401)],
    ["POST /api/datasets/owner/name/commit", answers(418)],
    ["POST /datasets/owner/name.git/verify", answers(302, { location: "ftp://x/?a=alsoSecret" })],
  ];
  for (const [i, [start, trick]] of tricks.entries()) {
    await writeFile(join(folder, train), contentOf(1000, i)); // the store has nothing of it
    for (let i = 0; i < 3; i++) hub.once(start, trick);
    const waits: unknown[] = [];
    let error: unknown = await caught(push({ onWait: (wait) => waits.push(wait) }));
    for (let text = JSON.stringify(waits); error instanceof Error; error = error.cause, text = "") {
      const told = `${text}${error.message}${error.stack}${JSON.stringify(error)}`;
      expect(told).not.toContain(token);
      expect(told).not.toContain("alsoSecret");
    }
    hub.tricks.length = 0;
  }
});
