// corrsynth review: a page on this machine in which a person looks through the rows of a run and decides about them.
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, resolve } from "node:path";
import { InvalidConfigError, invalidField, NotReproducibleError, StorageError } from "../errors.js";
import { Decisions } from "./decisions.js";
import { pageHeaders, reviewPage } from "./page.js";
import { type MakeReplay, Replays } from "./replays.js";
import { admit, type Place } from "./requests.js";
import { checkDecision, type ReviewRows, readReviewRows } from "./review-rows.js";

/** How a review is served. */
export interface ReviewOptions {
  /** Port of 127.0.0.1; default one that is free. */
  readonly port?: number | undefined;
}

/** A review that is being served. */
export interface ReviewServer extends AsyncDisposable {
  /** The page, with the secret that it takes to see it: whoever has it can read the rows and decide about them. */
  readonly url: string;
  /** Stops serving; what was decided stays. */
  close(): Promise<void>;
}

/** Bytes of a request's body at most: those of a decision with the longest text. */
const longestBody = 2 ** 20;

/**
 * Serves a page for reviewing the rows of a run directory: look, search, reject, relabel, edit, undo. It is served to this machine
 * alone, under an address with a random secret; it loads nothing from elsewhere, and requests of other origins are refused.
 * Decisions are appended to `review.jsonl` of the directory and are on the disk before the page is told so; `readRun`,
 * `exportRun` and `runStatus` apply them, and the rows as they were written stay in `data.jsonl`. Several tabs, and several servers of
 * one directory, see each other's decisions; of two about one row the later one holds. Where the run's teacher is where it was, a row can be
 * replayed, see `replayRow`: one at a time, until the page no longer waits for it.
 *
 * @param directory A run directory, whether its run has ended or not.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when the directory holds no run, its rows or decisions are damaged, or
 *   the port is taken.
 * @example
 * import { serveReview } from "corrsynth/io";
 * await synthesizeTo("run", teacher, spec);
 * await using review = await serveReview("run");
 * console.log(new URL(review.url).hostname); // "127.0.0.1"
 */
export function serveReview(directory: string, options: ReviewOptions = {}): Promise<ReviewServer> {
  return serve(directory, options);
}

/** As {@link serveReview}, with what makes rows again, so that tests do without a model. */
export async function serve(
  directory: string,
  { port = 0 }: ReviewOptions,
  makeReplay?: MakeReplay,
): Promise<ReviewServer> {
  await readReviewRows(directory); // what is wrong with it is said before anything is served
  const decisions = new Decisions(directory);
  await decisions.after(0);
  const token = randomBytes(24).toString("base64url");
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 });
  const address = await listen(server, port);
  const replays = new Replays(directory, makeReplay);
  const site = new Site(directory, decisions, replays, { port: address.port, token });
  server.on("request", (request, response) => void site.answer(request, response));
  const close = async () => {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    await replays.close();
  };
  return { url: `http://127.0.0.1:${address.port}/${token}/`, close, [Symbol.asyncDispose]: close };
}

function listen(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", ({ message }) => {
      reject(
        new InvalidConfigError([{ path: "port", message: `Expected a port of 127.0.0.1 that is free (${message})` }]),
      );
    });
    server.listen(port, "127.0.0.1", () => resolve(server.address() as AddressInfo));
  });
}

/** What is answered to whom. */
class Site {
  readonly #directory: string;
  readonly #decisions: Decisions;
  readonly #replays: Replays;
  readonly #place: Place;
  #rows: Promise<ReviewRows> | undefined;

  constructor(directory: string, decisions: Decisions, replays: Replays, place: Place) {
    this.#directory = directory;
    this.#decisions = decisions;
    this.#replays = replays;
    this.#place = place;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const admitted = admit(request, this.#place);
      if ("why" in admitted) return send(response, admitted.status, { error: admitted.why });
      const { path, query } = admitted;
      if (request.method === "POST" && path === "replay")
        return send(response, 200, await this.#replay(request, response));
      if (request.method === "POST") return send(response, 200, await this.#decide(request, path, query));
      if (path === "") {
        response.writeHead(200, pageHeaders);
        response.end(reviewPage(basename(resolve(this.#directory))));
        return;
      }
      if (path === "rows") {
        this.#rows = readReviewRows(this.#directory); // a run that goes on has more of them each time
        return send(response, 200, { ...(await this.#rows), ...(await this.#decisions.after(0)) });
      }
      if (path === "decisions") return send(response, 200, await this.#decisions.after(revisionOf(query)));
      send(response, 404, { error: "not found" });
    } catch (error) {
      send(response, statusOf(error), { error: (error as Error).message });
    }
  }

  async #decide(request: IncomingMessage, path: string, query: URLSearchParams) {
    if (path !== "decisions") throw new InvalidConfigError([{ path, message: "Expected decisions" }]);
    const text = await body(request);
    this.#rows ??= readReviewRows(this.#directory);
    const decision = checkDecision(parse(text), await this.#rows);
    await this.#decisions.append(decision, new Date().toISOString()).catch((cause: Error) => {
      throw new StorageError(`${this.#directory}: the decision could not be written (${cause.message})`, { cause });
    });
    return await this.#decisions.after(revisionOf(query));
  }

  async #replay(request: IncomingMessage, response: ServerResponse): Promise<object> {
    const { row } = (parse(await body(request)) ?? {}) as { row?: unknown };
    if (typeof row !== "string") throw invalidField("row", "Expected the id of a row of this run, received none");
    const gone = new AbortController();
    response.once("close", () => gone.abort(new Error("nobody waits for it any more")));
    return await this.#replays.make(row, gone.signal);
  }
}

function revisionOf(query: URLSearchParams): number {
  const revision = Number(query.get("after") ?? 0);
  return Number.isSafeInteger(revision) && revision >= 0 ? revision : 0;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidConfigError([{ path: "decision", message: "Expected JSON, received other text" }], { cause });
  }
}

async function body(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > longestBody)
      throw new InvalidConfigError([{ path: "decision", message: `Expected at most ${longestBody} bytes` }]);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function statusOf(error: unknown): number {
  if (error instanceof InvalidConfigError) return 400;
  if (error instanceof NotReproducibleError) return 409;
  return error instanceof StorageError ? 507 : 500;
}

function send(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
  });
  response.end(JSON.stringify(value));
}
