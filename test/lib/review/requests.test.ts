// Who may ask the server of a review: the page that it gave out.
import { expect, it } from "vitest";
import { admit } from "../../../lib/review/requests.js";

const place = { port: 4321, token: "secret-of-24-bytes" };
const own = "http://127.0.0.1:4321";
const url = "/secret-of-24-bytes/decisions?after=12";
const json = { "content-type": "application/json" };

it.each<[string, string, string, Record<string, string>, string]>([
  ["its page", "GET", "/secret-of-24-bytes/", { host: "127.0.0.1:4321" }, ""],
  [
    "its data, from its page",
    "GET",
    "/secret-of-24-bytes/rows",
    { host: "127.0.0.1:4321", "sec-fetch-site": "same-origin" },
    "rows",
  ],
  ["by the other name of this machine", "GET", "/secret-of-24-bytes/", { host: "localhost:4321" }, ""],
  ["a decision", "POST", url, { host: "127.0.0.1:4321", origin: own, ...json }, "decisions"],
  [
    "a decision from the other name",
    "POST",
    url,
    { host: "localhost:4321", origin: "http://localhost:4321", ...json },
    "decisions",
  ],
])("admits %s", (_, method, url, headers, path) => {
  expect(admit({ method, url, headers }, place)).toMatchObject({ path });
});

const host = { host: "127.0.0.1:4321" };
it.each<[string, string, string | undefined, Record<string, string>, number]>([
  ["no Host", "GET", "/secret-of-24-bytes/", {}, 421],
  ["a forged Host", "GET", "/secret-of-24-bytes/", { host: "evil.example:4321" }, 421],
  ["a Host of another port", "GET", "/secret-of-24-bytes/", { host: "127.0.0.1:80" }, 421],
  ["a Host that begins alike", "GET", "/secret-of-24-bytes/", { host: "127.0.0.1:4321.evil.example" }, 421],
  ["another origin", "GET", "/secret-of-24-bytes/rows", { ...host, origin: "http://evil.example" }, 403],
  ["an opaque origin", "GET", "/secret-of-24-bytes/rows", { ...host, origin: "null" }, 403],
  ["another site without an origin", "GET", "/secret-of-24-bytes/", { ...host, "sec-fetch-site": "cross-site" }, 403],
  ["the other name as origin", "POST", url, { ...host, origin: "http://localhost:4321", ...json }, 403],
  ["a decision without an origin", "POST", url, { ...host, ...json }, 403],
  ["a form", "POST", url, { ...host, origin: own, "content-type": "text/plain" }, 415],
  [
    "the page without the / at the end, from where it would ask for the wrong addresses",
    "GET",
    "/secret-of-24-bytes",
    host,
    404,
  ],
  ["no token", "GET", "/", host, 404],
  ["a wrong token", "GET", "/secret-of-24-bytez/", host, 404],
  ["a shorter token", "GET", "/secret/", host, 404],
  ["a longer token", "GET", "/secret-of-24-bytes0/", host, 404],
  ["a token further in", "GET", "/x/secret-of-24-bytes/", host, 404],
  ["another method", "PUT", url, { ...host, origin: own, ...json }, 405],
  ["a preflight", "OPTIONS", url, { ...host, origin: own }, 405],
  ["no address", "GET", undefined, host, 404],
])("refuses %s", (_, method, url, headers, status) => {
  expect(admit({ method, url, headers }, place)).toMatchObject({ status });
});
