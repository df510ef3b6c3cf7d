// Who may ask: the page that this server gave out, and nobody else. A page of another origin can send requests to 127.0.0.1, and a
// name of its own may lead there (DNS rebinding); so the address has a secret, and Host and Origin are looked at.
import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** What of a request is looked at. */
export interface Asked {
  readonly method?: string | undefined;
  /** As it stands in the request's first line. */
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Where the server is, and the secret of its address. */
export interface Place {
  readonly port: number;
  readonly token: string;
}

/** A refusal, or the path below the secret, with its query. */
export type Admitted =
  | { readonly status: number; readonly why: string }
  | { readonly path: string; readonly query: URLSearchParams };

/** Whether a request may be answered. */
export function admit({ method, url, headers }: Asked, { port, token }: Place): Admitted {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (headers.host === undefined || !hosts.includes(headers.host)) {
    return { status: 421, why: "this server answers to 127.0.0.1 alone" };
  }
  const own = `http://${headers.host}`;
  const { origin, "sec-fetch-site": site } = headers;
  if (origin !== undefined && origin !== own) return { status: 403, why: "another origin" };
  if (site !== undefined && site !== "same-origin" && site !== "none") return { status: 403, why: "another site" };
  const { pathname, searchParams } = new URL(url ?? "/", own);
  const [, given = "", ...rest] = pathname.split("/");
  if (!isSecret(given, token))
    return { status: 404, why: "not found: open the whole address that corrsynth review printed" };
  if (rest.length === 0)
    return { status: 404, why: "not found: the address that corrsynth review printed ends with /" };
  if (method === "POST") {
    if (origin === undefined) return { status: 403, why: "expected the header Origin" };
    if (headers["content-type"] !== "application/json") return { status: 415, why: "expected application/json" };
  } else if (method !== "GET") return { status: 405, why: "expected GET or POST" };
  return { path: rest.join("/"), query: searchParams };
}

function isSecret(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
