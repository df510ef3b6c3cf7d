import { afterEach, expect, it, vi } from "vitest";
import { DownloadError } from "../../../lib/errors.js";
import { hubFetch } from "../../../lib/hub/request.js";
import { PassingFailure, retryAfterMs } from "../../../lib/hub/retry.js";

afterEach(() => vi.unstubAllGlobals());

interface Sent {
  readonly url: string;
  readonly token: string | null;
  readonly method: string | undefined;
  readonly body: unknown;
}

/** Answers every address with what `answers` says of it, and tells what was sent. */
function stubFetch(answers: Record<string, { status: number; location?: string }>): Sent[] {
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", async (input: URL, { headers, method, body }: RequestInit) => {
    sent.push({ url: input.href, token: new Headers(headers).get("authorization"), method, body });
    const { status, location } = answers[input.href]!;
    return new Response(null, { status, headers: location === undefined ? {} : { location } });
  });
  return sent;
}

const endpoint = "https://hub.test";
const home = { endpoint, token: "t" };
const { signal } = new AbortController();

it("the token is sent to the endpoint's scheme, host and port, at every hop anew, and nowhere else", async () => {
  const sent = stubFetch({
    "https://hub.test/a": { status: 302, location: "/b" },
    "https://hub.test/b": { status: 302, location: "https://hub.test:8443/c" },
    "https://hub.test:8443/c": { status: 302, location: "https://hub.test.evil.test/d" },
    "https://hub.test.evil.test/d": { status: 302, location: "https://cdn.hub.test/e" },
    "https://cdn.hub.test/e": { status: 302, location: "https://hub.test/f" },
    "https://hub.test/f": { status: 200 },
  });
  const response = await hubFetch(home, signal)("https://hub.test/a", { headers: { authorization: "Bearer other" } });
  expect(response.status).toBe(200);
  expect(sent.map(({ token }) => token)).toEqual(["Bearer t", "Bearer t", null, null, null, "Bearer t"]);
});

it("https is not left for http, or for anything that is not the web", async () => {
  for (const location of ["http://hub.test/b", "http://localhost/b", "file:///etc/passwd", "data:,x"]) {
    const sent = stubFetch({ "https://hub.test/a": { status: 302, location } });
    await expect(hubFetch(home, signal)("https://hub.test/a")).rejects.toThrow(DownloadError);
    expect(sent.length).toBe(1);
  }
  stubFetch({ "http://hub.test/a": { status: 302, location: "http://x.test/b" }, "http://x.test/b": { status: 200 } });
  expect((await hubFetch({ ...home, endpoint: "http://hub.test" }, signal)("http://hub.test/a")).status).toBe(200);
});

it("a question that is redirected is asked again with its words, unless the answer lies elsewhere", async () => {
  const ask = { method: "POST", body: "words" };
  for (const [status, method, body] of [
    [307, "POST", "words"],
    [308, "POST", "words"],
    [303, "GET", null],
  ] as const) {
    const sent = stubFetch({
      "https://hub.test/a": { status, location: "https://hub.test/b" },
      "https://hub.test/b": { status: 200 },
    });
    await hubFetch(home, signal)("https://hub.test/a", ask);
    expect(sent[1]).toMatchObject({ method, body });
  }
});

it("statuses that pass are failures that pass; the others are answers", async () => {
  const url = "https://hub.test/a";
  for (const status of [408, 429, 500, 503, 599]) {
    stubFetch({ [url]: { status } });
    await expect(hubFetch(home, signal)(url)).rejects.toThrow(PassingFailure);
  }
  for (const status of [200, 206, 304, 400, 401, 403, 404, 416]) {
    stubFetch({ [url]: { status } });
    expect((await hubFetch(home, signal)(url)).status).toBe(status);
  }
});

it("Retry-After is seconds or a date", () => {
  const now = Date.parse("Thu, 01 Jan 2026 00:00:00 GMT");
  expect(retryAfterMs("12", now)).toBe(12_000);
  expect(retryAfterMs("Thu, 01 Jan 2026 00:00:30 GMT", now)).toBe(30_000);
  expect(retryAfterMs("Thu, 01 Jan 2020 00:00:30 GMT", now)).toBe(0);
  expect([retryAfterMs("soon", now), retryAfterMs(null, now)]).toEqual([undefined, undefined]);
});
