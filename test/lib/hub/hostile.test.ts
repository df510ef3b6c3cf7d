// A hub, or somebody in its place, that answers without end, all too slowly, or what nobody asked for.
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { DownloadError } from "../../../lib/errors.js";
import { largestAnswer } from "../../../lib/hub/answer.js";
import { PassingFailure, type PullWait, retrying } from "../../../lib/hub/retry.js";
import { caught, contentRequests, hub, withHub } from "./hub-fixture.js";

withHub();

it("an answer without end is read up to its limit and asked for once", async () => {
  let sent = 0;
  hub.metadata = (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const piece = Buffer.alloc(2 ** 20, "[");
    const more = () => {
      while (!response.destroyed && sent < 8 * largestAnswer) {
        sent += piece.length;
        if (!response.write(piece)) return void response.once("drain", more);
      }
    };
    more();
    return true;
  };
  const error = await caught(hub.pull(undefined, {}, { idleMs: 60_000 }));
  expect(error).toBeInstanceOf(DownloadError);
  expect(error.message).toContain(`Expected an answer of at most ${largestAnswer} bytes`);
  expect(sent).toBeLessThan(4 * largestAnswer);
  expect(hub.requests.length).toBe(1);
});

it("an answer that is small only while it is packed is unpacked up to its limit", async () => {
  const bomb = gzipSync(Buffer.alloc(largestAnswer + 1, " "));
  expect(bomb.length).toBeLessThan(2 ** 17);
  hub.metadata = (_, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(bomb);
    return true;
  };
  expect((await caught(hub.pull(undefined, {}, { idleMs: 60_000 }))).message).toContain(
    `at most ${largestAnswer} bytes`,
  );
});

//               what comes, and what is said
it.each([
  ["null", /received another "answer"/],
  ["[]", /received another "answer"/],
  ['{"sha":1}', /received another "sha"/],
  [`{"sha":"${"0".repeat(40)}","siblings":{"length":1e9}}`, /received another "siblings"/],
  ["[".repeat(100_000), /answered half a sentence \(Expected lists and objects at most 200 deep\)/],
  ["", /answered half a sentence/],
  [`"${"x".repeat(10_000)}`, /answered half a sentence \(.{1,200}\); try again/],
])("%#: an answer that is another is refused in a line", async (text, message) => {
  hub.metadata = (_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(text);
    return true;
  };
  const error = await caught(hub.pull());
  expect(error).toBeInstanceOf(DownloadError);
  expect(error.message).toMatch(message);
  expect(error.message.length).toBeLessThan(600);
});

it("an address with a user is not followed, and its password not shown", async () => {
  hub.behaviours = Array.from({ length: 9 }, () => (_, response) => {
    response.writeHead(302, { location: "http://somebody:secret@127.0.0.1:1/model.gguf" }).end();
    return true;
  });
  const error = await caught(hub.pull());
  expect(error.message).toMatch(/to lead to an address without a user/);
  expect(error.message).not.toContain("secret");
  expect(contentRequests()).toBe(1);
});

it("a byte now and then is no download", async () => {
  const drops: Promise<void>[] = [];
  hub.behaviours = Array.from({ length: 9 }, () => (_, response, all) => {
    response.writeHead(200, { etag: hub.etag, "content-length": all.length });
    drops.push(
      (async () => {
        for (let at = 0; !response.destroyed; at++) {
          response.write(all.subarray(at, at + 1));
          await sleep(10);
        }
      })(),
    );
    return true;
  });
  const error = await caught(hub.pull(undefined, {}, { idleMs: 100 }));
  expect(error.message).toMatch(/only \d+ bytes were received in 0\.1 s; try again/);
  await Promise.all(drops);
});

it("a server that asks to wait again and again is waited for five minutes in all", async () => {
  const waits: PullWait[] = [];
  const stop = new AbortController();
  const busy = async () => {
    throw new PassingFailure("the hub is busy", { waitMs: waits.length === 0 ? 20 : 299_990 });
  };
  const policy = { attempts: 6, firstWaitMs: 1, longestWaitMs: 4, progressBytes: 1 };
  const trying = retrying(busy, policy, { what: "Asking", signal: stop.signal, onWait: (wait) => waits.push(wait) });
  await expect(trying).rejects.toThrow(/2 tries in a row: the hub is busy \(asks to wait 300 s\)/);
  expect(waits.map(({ reason }) => reason)).toEqual(["the hub is busy"]);
});
