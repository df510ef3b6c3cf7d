// What the hub answers to a question, in JSON: no more of it is read than an answer can have.
import { DownloadError } from "../errors.js";
import { parseJson } from "../files/json.js";
import { PassingFailure } from "./retry.js";

/** Bytes of an answer after unpacking: one about a repository of 100,000 files has half. */
export const largestAnswer = 2 ** 24;

/**
 * The value of an answer.
 * @param host  who answers, for messages.
 * @throws {PassingFailure} when it is cut off, or no JSON.
 * @throws {DownloadError} CORRSYNTH_DOWNLOAD when it is larger than any answer.
 * @throws what its connection broke with.
 */
export async function readAnswer({ body }: Response, host: string): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // leaving the loop ends the connection; what is packed is unpacked as it is read
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > largestAnswer) {
      throw new DownloadError(`Expected an answer of at most ${largestAnswer} bytes from ${host}, received more`);
    }
    chunks.push(chunk);
  }
  try {
    return parseJson(Buffer.concat(chunks).toString("utf8"));
  } catch (cause) {
    const { message } = cause as Error;
    throw new PassingFailure(`${host} answered half a sentence (${message.slice(0, 200)})`, { cause });
  }
}
