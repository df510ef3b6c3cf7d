// Requests to the hub: the token goes to the hub alone, whatever it redirects to, and nobody is waited for in silence.
import { DownloadError } from "../errors.js";
import { PassingFailure, retryAfterMs } from "./retry.js";

const mostRedirects = 10;
const redirects = [301, 302, 303, 307, 308];

/**
 * `fetch` for one hub. It follows redirects by itself: the token is sent to the endpoint's scheme, host and port only,
 * and https is left for http only where the endpoint is http itself.
 * @throws {PassingFailure} for broken connections, timeouts, and the statuses 408, 429 and 5xx.
 */
export function hubFetch(
  { endpoint, token }: { readonly endpoint: string; readonly token: string | undefined },
  signal: AbortSignal,
): typeof fetch {
  const home = new URL(endpoint);
  return async (input, init = {}) => {
    let url = new URL(input instanceof Request ? input.url : String(input));
    let request: RequestInit = init;
    for (let followed = 0; followed <= mostRedirects; followed++) {
      if (url.protocol !== "https:" && !(url.protocol === "http:" && home.protocol === "http:")) {
        throw new DownloadError(`Expected ${home.host} to lead to an https address, received ${withoutQuery(url)}`);
      }
      const headers = new Headers(request.headers);
      headers.set("user-agent", "corrsynth");
      headers.delete("authorization");
      if (token !== undefined && url.origin === home.origin) headers.set("authorization", `Bearer ${token}`);
      const response = await send(url, { ...request, headers, signal, redirect: "manual" });
      const location = response.headers.get("location");
      if (!redirects.includes(response.status) || location === null) return response;
      await response.body?.cancel();
      if (response.status === 303) request = { ...request, method: "GET", body: null };
      if (!URL.canParse(location, url.href)) break;
      url = new URL(location, url);
      if (url.username !== "" || url.password !== "") {
        throw new DownloadError(`Expected ${home.host} to lead to an address without a user, received one with`);
      }
    }
    throw new DownloadError(`Expected ${withoutQuery(home)} to answer, but its redirects lead nowhere`);
  };
}

async function send(url: URL, init: RequestInit & { signal: AbortSignal }): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    throw broken(url.host, cause, init.signal);
  }
  const { status, headers } = response;
  if (status !== 408 && status !== 429 && status < 500) return response;
  await response.body?.cancel();
  const waitMs = retryAfterMs(headers.get("retry-after"));
  throw new PassingFailure(`${url.host} answered ${status} ${response.statusText}`.trimEnd(), { waitMs });
}

/** What to throw where a connection failed: the reason of the timer that ended it, or the innermost cause there is. */
export function broken(host: string, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof PassingFailure) return error;
  const { message, code } = innermost(error);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    const reason = `the name ${host} cannot be resolved (${code}), as without a network`;
    return new PassingFailure(reason, { cause: error, isUnresolved: true });
  }
  return new PassingFailure(`the connection to ${host} failed (${code ?? message})`, { cause: error });
}

// Node says "fetch failed", and hides why in `cause`.
function innermost(error: unknown): { message: string; code?: string } {
  const { cause } = error as { cause?: unknown };
  return cause instanceof Error ? innermost(cause) : (error as { message: string; code?: string });
}

// Signed addresses carry their permission in the query.
export function withoutQuery(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** Bytes that must come within the time of an {@link IdleTimer}: a model at this rate would take years. */
const leastBytes = 2 ** 14;

/** Ends a request of which next to nothing was heard for a while. Dispose it when the request is over. */
export class IdleTimer implements Disposable {
  /** Fires with the reason of the caller's signal, or with a {@link PassingFailure}. */
  readonly signal: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  /** Bytes since the time began. */
  #bytes = 0;

  constructor(milliseconds: number, signal: AbortSignal | undefined) {
    const controller = new AbortController();
    const seconds = milliseconds / 1000;
    const silent = () => {
      const heard = this.#bytes === 0 ? `nothing was received for` : `only ${this.#bytes} bytes were received in`;
      controller.abort(new PassingFailure(`${heard} ${seconds} s`));
    };
    this.#timer = setTimeout(silent, milliseconds);
    this.signal = AbortSignal.any([controller.signal, ...(signal === undefined ? [] : [signal])]);
  }

  /** So many bytes came. The time begins anew when they are enough together. */
  received(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < leastBytes) return;
    this.#bytes = 0;
    this.#timer.refresh();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
