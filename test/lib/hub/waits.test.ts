// Whoever waits for the hub is told for what, and without a network not for long.
import { expect, it } from "vitest";
import { DownloadError } from "../../../lib/errors.js";
import { broken } from "../../../lib/hub/request.js";
import { PassingFailure, type PullWait, retrying } from "../../../lib/hub/retry.js";
import { caught, hub, withHub } from "./hub-fixture.js";

withHub();

const policy = { attempts: 4, firstWaitMs: 1, longestWaitMs: 4, progressBytes: 1 };

it("each wait is told with its reason, its time and its number", async () => {
  const waits: PullWait[] = [];
  const failing = async () => {
    throw new PassingFailure("the hub is busy");
  };
  const what = { what: "Asking", signal: undefined, onWait: (wait: PullWait) => waits.push(wait) };
  await expect(retrying(failing, policy, what)).rejects.toThrow(
    /^Asking failed, 4 tries in a row: the hub is busy; try again/,
  );
  expect(waits.map(({ reason, next, attempts }) => [reason, next, attempts])).toEqual([
    ["the hub is busy", 2, 4],
    ["the hub is busy", 3, 4],
    ["the hub is busy", 4, 4],
  ]);
  for (const [i, { seconds }] of waits.entries()) {
    expect(seconds).toBeGreaterThanOrEqual(2 ** i / 1000);
    expect(seconds).toBeLessThan((1.25 * 2 ** i) / 1000 + 1e-9);
  }
});

it("a name without an address is asked for twice", async () => {
  for (const [code, isUnresolved] of [
    ["ENOTFOUND", true],
    ["EAI_AGAIN", true],
    ["ECONNREFUSED", false],
  ] as const) {
    const failure = broken("hub.test", Object.assign(new Error(code), { code }), new AbortController().signal);
    expect(failure).toMatchObject({ isUnresolved });
  }
  let tries = 0;
  const unresolved = async () => {
    tries++;
    throw new PassingFailure("no such name", { isUnresolved: true });
  };
  await expect(retrying(unresolved, policy, { what: "Asking", signal: undefined })).rejects.toThrow(
    /2 tries in a row: no such name; connect this machine, or name a model that is on it/,
  );
  expect(tries).toBe(2);
});

it("a pull without a network says so", async () => {
  const waits: PullWait[] = [];
  const env = { ...hub.env, HF_ENDPOINT: "http://hub.invalid" };
  const error = await caught(hub.pull(undefined, { onWait: (wait: PullWait) => waits.push(wait) }, { env }));
  expect(error).toBeInstanceOf(DownloadError);
  expect(error.message).toMatch(/the name hub\.invalid cannot be resolved \(E\w+\), as without a network; connect/);
  expect(waits.map(({ next, attempts }) => [next, attempts])).toEqual([[2, 2]]);
});
