// The server of a review, asked as its page asks it.
import { type ChildProcess, spawn } from "node:child_process";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { NotReproducibleError } from "../../../lib/errors.js";
import { type ReviewServer, readRun, serveReview } from "../../../lib/io.js";
import type { Replay } from "../../../lib/replay/replay-row.js";
import type { MakeReplay } from "../../../lib/review/replays.js";
import { serve } from "../../../lib/review/serve.js";
import { fullRow, writeRun } from "../export/run.js";

let run: string;
let review: ReviewServer;
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), "corrsynth-review-"));
  const row = (id: string, text: string, label: string) => ({ ...fullRow, id, text, label });
  await writeRun(run, ["animal", "plant"], [[row("0.0", "a fox", "animal"), row("0.1", "a fern", "plant")]]);
  review = await serveReview(run);
});
afterEach(async () => {
  await review.close();
  await rm(run, { recursive: true });
});

async function ask(path: string, decision?: unknown, { url }: ReviewServer = review) {
  const headers = { "Content-Type": "application/json", Origin: new URL(url).origin };
  const sent = decision === undefined ? {} : { method: "POST", headers, body: JSON.stringify(decision) };
  const response = await fetch(new URL(path, url), sent);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const decision = (row: string, change: object = {}) => ({ row, rejected: false, label: null, text: null, ...change });

it("gives out rows as they were written, and decisions as they are made, also to another server", async () => {
  const rows = [
    { id: "0.0", label: "animal", text: "a fox", probability: 0.75 },
    { id: "0.1", label: "plant", text: "a fern", probability: 0.75 },
  ];
  expect((await ask("rows")).body).toEqual({
    labels: ["animal", "plant"],
    rows,
    refused: [],
    revision: 0,
    decisions: [],
  });
  await using other = await serveReview(run);
  const first = await ask("decisions?after=0", decision("0.0", { rejected: true }));
  expect(first.body.decisions).toEqual([decision("0.0", { rejected: true })]);
  const second = await ask(
    `decisions?after=${first.body.revision}`,
    decision("0.1", { text: " a green fern " }),
    other,
  );
  expect(second.body.decisions).toEqual([decision("0.1", { text: "a green fern" })]);
  expect((await ask(`decisions?after=${first.body.revision}`)).body).toEqual(second.body);
  expect((await readRun(run)).rows.map(({ text }) => text)).toEqual(["a green fern"]);
});

it("what equals the row as it was written is no decision", async () => {
  const { body } = await ask("decisions", decision("0.0", { label: "animal", text: "a fox" }));
  expect(body.decisions).toEqual([decision("0.0")]);
});

it.each([
  ["a row that does not exist", decision("9.9"), "Expected the id of a row of this run"],
  ["a label that does not exist", decision("0.0", { label: "stone" }), 'Expected one of "animal", "plant"'],
  ["a blank text", decision("0.0", { text: " \n" }), "Expected a text of 1 to 100000 characters"],
  ["too long a text", decision("0.0", { text: "a".repeat(100_001) }), "Expected a text of 1 to 100000 characters"],
  ["half a surrogate pair", decision("0.0", { text: "a\ud800" }), "Expected a text of 1 to 100000 characters"],
  ["no decision", { row: "0.0" }, "Expected a decision as review writes it"],
  ["too many bytes", decision("0.0", { text: "ab".repeat(2 ** 20) }), "Expected at most 1048576 bytes"],
])("refuses %s, and writes nothing", async (_, sent, message) => {
  const { status, body } = await ask("decisions", sent);
  expect([status, body.error]).toEqual([400, expect.stringContaining(message)]);
  await expect(readFile(join(run, "review.jsonl"))).rejects.toThrow(/ENOENT/);
});

it("answers nobody under another Host, and no other page under its secret", async () => {
  const { port, pathname } = new URL(review.url);
  const asked = (path: string, host: string) =>
    new Promise((done) => get({ port, path, headers: { host } }, ({ statusCode }) => done(statusCode)));
  expect(await asked(pathname, `127.0.0.1:${port}`)).toBe(200);
  expect(await asked(pathname, `evil.example:${port}`)).toBe(421);
  expect(await asked("/", `127.0.0.1:${port}`)).toBe(404);
  expect((await ask("data.jsonl")).status).toBe(404);
  expect((await ask("../../etc/passwd")).status).toBe(404);
});

it("goes on behind a line that was left half written", async () => {
  await ask("decisions", decision("0.0", { rejected: true }));
  await appendFile(join(run, "review.jsonl"), '{"row":"0.1","re');
  const { body } = await ask("decisions", decision("0.1", { label: "animal" }));
  expect(body.decisions).toEqual([decision("0.0", { rejected: true }), decision("0.1", { label: "animal" })]);
  expect((await readRun(run)).rows.map(({ label, text }) => [label, text])).toEqual([["animal", "a fern"]]);
});

it("after a merge or rounds wrote the file anew, shorter, a page is told all that holds", async () => {
  for (const label of ["plant", "animal", "plant"]) await ask("decisions", decision("0.0", { label }));
  const { revision } = (await ask("decisions?after=0")).body;
  await writeFile(join(run, "review.jsonl"), `${JSON.stringify(decision("0.0", { label: "plant" }))}\n`);
  const { body } = await ask(`decisions?after=${revision}`, decision("0.1", { rejected: true }));
  expect(body.decisions).toEqual([decision("0.0", { label: "plant" }), decision("0.1", { rejected: true })]);
});

it("a taken port is said", async () => {
  const { port } = new URL(review.url);
  await expect(serveReview(run, { port: Number(port) })).rejects.toThrow(
    /port: Expected a port of 127.0.0.1 that is free/,
  );
});

it("refuses what is no run", async () => {
  await expect(serveReview(join(run, "none"))).rejects.toThrow(/none: Expected a run directory, found nothing of this/);
  const empty = await mkdtemp(join(tmpdir(), "corrsynth-empty-"));
  await expect(serveReview(empty)).rejects.toThrow(/Expected a run directory with data.jsonl/);
  await rm(empty, { recursive: true });
});

function served(): { child: ChildProcess; url: Promise<string>; said: () => string } {
  const cli = resolve(import.meta.dirname, "../../../dist/cli/main.js");
  const child = spawn(process.execPath, [cli, "review", run], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => (said += String(text)));
  const url = new Promise<string>((done) => child.stdout.once("data", (line) => done(String(line).trim())));
  return { child, url, said: () => said };
}

it("Ctrl-C ends the command, which says what was decided and what to do next", async () => {
  const { child, url, said } = served();
  await ask("decisions", decision("0.0", { rejected: true }), { url: await url } as ReviewServer);
  child.kill("SIGINT");
  expect(await new Promise((done) => child.once("exit", done))).toBe(0);
  expect(said()).toContain("Reviewed: 1 rejected, 0 with another label, 0 edited");
  expect(said()).toContain(`Then: corrsynth export ${run} --format csv --out data.csv`);
});

it("killed at any point, what was answered is there", async () => {
  const { child, url: given } = served();
  const url = await given;
  let answered = 0;
  const all = Array.from({ length: 200 }, async (_, i) => {
    const text = `a fox ${i}`;
    const { status } = await ask("decisions", decision("0.0", { text }), { url } as ReviewServer);
    if (status === 200) answered = Math.max(answered, i);
    if (answered >= 5) child.kill("SIGKILL");
  });
  await Promise.allSettled(all);
  const review = await readFile(join(run, "review.jsonl"), "utf8");
  expect(review).toContain(`a fox ${answered}"`);
  expect((await readRun(run)).rows).toHaveLength(2);
});

it("makes a row again when it is asked, one after the other, and stops for nobody", async () => {
  const asked: string[] = [];
  const stopped: string[] = [];
  let running = 0;
  const make: MakeReplay = async (directory, id, { signal, trace, withoutContrast }) => {
    asked.push(id);
    expect([directory, trace, withoutContrast, ++running]).toEqual([run, true, true, 1]);
    try {
      if (id === "0.9") throw new NotReproducibleError([{ path: "seeds", message: "gone" }]);
      if (id === "0.1")
        await new Promise((_, reject) => signal!.addEventListener("abort", () => reject(signal!.reason)));
      return { id } as Replay;
    } catch (error) {
      stopped.push(id);
      throw error;
    } finally {
      running--;
    }
  };
  await using other = await serve(run, {}, make);
  const stop = new AbortController();
  const { url } = other;
  const headers = { "Content-Type": "application/json", Origin: new URL(url).origin };
  const waiting = fetch(`${url}replay`, { method: "POST", headers, body: '{"row":"0.1"}', signal: stop.signal });
  await expect.poll(() => asked).toEqual(["0.1"]);
  const next = ask("replay", { row: "0.0" }, other);
  expect((await ask("rows", undefined, other)).status).toBe(200); // others are answered meanwhile
  expect(asked).toEqual(["0.1"]);
  stop.abort();
  await expect(waiting).rejects.toThrow();
  expect(await next).toMatchObject({ status: 200, body: { id: "0.0" } });
  expect(await ask("replay", { row: "0.9" }, other)).toMatchObject({ status: 409, body: { error: "seeds: gone" } });
  expect(await ask("replay", { row: 7 }, other)).toMatchObject({ status: 400 });
  expect([asked, stopped]).toEqual([
    ["0.1", "0.0", "0.9"],
    ["0.1", "0.9"],
  ]);
  expect((await fetch(`${url}replay`)).status).toBe(404); // a link makes nothing
  const strange = await fetch(`${url}replay`, {
    method: "POST",
    headers: { ...headers, Origin: "http://evil.example" },
    body: "{}",
  });
  expect(strange.status).toBe(403);
  void ask("replay", { row: "0.1" }, other).catch(() => {});
  await expect.poll(() => asked.length).toBe(4);
  await other.close(); // waits until it has stopped
  expect(stopped).toEqual(["0.1", "0.9", "0.1"]);
});
