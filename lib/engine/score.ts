/** What a teacher thinks of texts: the requests, checked and cut into parts that one call of the addon scores. */
import { calling } from "../checks/thrown.js";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import type { Prompt } from "./prompt.js";
import type { Scorer } from "./scorer.js";
import { defaultThreads } from "./threads.js";

/** A text whose probability after a prompt is asked for. */
export interface ScoreRequest {
  /**
   * What stands before the text: a text with at least one token, or the parts of a rendered chat, of which the special
   * ones may hold control tokens.
   */
  readonly prompt: string | Prompt;
  /**
   * Is read token by token after the prompt, whose tokens it does not change. Most vocabularies have words with the blank
   * before them: after a prompt that ends without one, a text begins with it, as what a teacher writes does.
   */
  readonly text: string;
}

/** A text's score. */
export interface Score {
  /** ln P(text | prompt), in nats: the sum over the text's tokens; 0 for a text without tokens. */
  readonly logProbability: number;
  /** Tokens of the text. */
  readonly tokens: number;
}

/** How texts are scored. */
export interface ScoreOptions {
  /** CPU threads: 1..512, default one for each core. */
  readonly threads?: number | undefined;
  /** Stops between parts of some thousand tokens; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each part with the requests done so far. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** A request in tokens, and its place among the requests. */
interface TokenisedRequest {
  readonly place: number;
  /** Of the prompt and, after them, of the text. */
  readonly tokens: Int32Array;
  readonly promptTokens: number;
}

/** What of a teacher scoring needs. */
interface ScoringTeacher {
  readonly info: { readonly contextTrain: number };
  readonly scorer: Scorer;
  tokenize(prompts: readonly Prompt[]): Promise<Int32Array[]>;
  replicas(): unknown;
  use(user: { cancel(): void; readonly ended: Promise<unknown> }): void;
}

/** `Teacher.score`, which says what it does. */
export async function scoreWith(
  teacher: ScoringTeacher,
  requests: readonly ScoreRequest[],
  options: ScoreOptions,
): Promise<Score[]> {
  const { threads, prompts } = resolveScore(requests, options);
  const tokenised = await tokenise(teacher, requests, prompts);
  checkLengths(tokenised, teacher.info.contextTrain);
  const scores = tokenised.map(({ tokens, promptTokens }) => {
    return { logProbability: 0, tokens: tokens.length - promptTokens };
  });
  let done = 0;
  for (const part of scoreParts(tokenised)) {
    options.signal?.throwIfAborted();
    const promptTokens = Int32Array.from(part, (request) => request.promptTokens);
    const tokens = part.map((request) => request.tokens);
    const scored = teacher.scorer.score([tokens, promptTokens, { threads }], () => teacher.replicas());
    teacher.use({ cancel: () => {}, ended: scored }); // short: closing waits for it
    const sums = await scored;
    for (const [i, { place }] of part.entries()) scores[place]!.logProbability = sums[i]!;
    done += part.length;
    calling("onProgress", () => options.onProgress?.(done));
  }
  return scores;
}

/** Each prompt and each text once: a text's tokens do not depend on what stands before it. */
async function tokenise(
  teacher: ScoringTeacher,
  requests: readonly ScoreRequest[],
  prompts: readonly Prompt[],
): Promise<TokenisedRequest[]> {
  const [lead] = prompts;
  if (lead === undefined) {
    teacher.replicas(); // throws when closed
    return [];
  }
  const keys = prompts.map((prompt) => JSON.stringify(prompt));
  const distinctPrompts = new Map(keys.map((key, i) => [key, prompts[i]!]));
  const distinctTexts = new Set(requests.map(({ text }) => text));
  const [before, after] = await Promise.all([
    teacher.tokenize([...distinctPrompts.values()]),
    teacher.tokenize([...distinctTexts].map((text) => [...lead, { text, special: false }])),
  ]);
  const promptOf = byKey(distinctPrompts.keys(), before);
  const textOf = byKey(distinctTexts, after);
  const leadTokens = promptOf.get(keys[0]!)!.length;
  return requests.map(({ text }, place) => {
    const prompt = promptOf.get(keys[place]!)!;
    return { place, tokens: joined(prompt, textOf.get(text)!.subarray(leadTokens)), promptTokens: prompt.length };
  });
}

function byKey(keys: Iterable<string>, tokens: readonly Int32Array[]): Map<string, Int32Array> {
  return new Map([...keys].map((key, i) => [key, tokens[i]!]));
}

function joined(prompt: Int32Array, text: Int32Array): Int32Array {
  const tokens = new Int32Array(prompt.length + text.length);
  tokens.set(prompt);
  tokens.set(text, prompt.length);
  return tokens;
}

/** Tokens that one call decodes, roughly: between calls the signal is looked at. */
const PART_TOKENS = 4096;

/**
 * The prompts, each as parts.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with each kind of wrong request once, and the options.
 */
function resolveScore(requests: readonly ScoreRequest[], { threads = defaultThreads() }: ScoreOptions) {
  const issues: ConfigIssue[] = [];
  const add = (path: string, expected: string, received: unknown) =>
    issues.push({ path, message: `Expected ${expected}, received ${JSON.stringify(received) ?? "nothing"}` });
  if (!Number.isInteger(threads) || threads < 1 || threads > 512) add("threads", "an integer of 1..512", threads);
  if (!Array.isArray(requests)) add("requests", "a list of requests", requests);
  const given: readonly unknown[] = Array.isArray(requests) ? requests : [];
  const wrong = given.findIndex((request) => !isRequest(request));
  if (wrong >= 0) add(`requests[${wrong}]`, "{ prompt, text }, a text each, the prompt not empty", given[wrong]);
  if (issues.length > 0) throw new InvalidConfigError(issues);
  const prompts = requests.map(({ prompt }) =>
    typeof prompt === "string" ? [{ text: prompt, special: false }] : prompt,
  );
  return { threads, prompts };
}

function isRequest(value: unknown): boolean {
  const { prompt, text } = (value ?? {}) as Partial<ScoreRequest>;
  return (Array.isArray(prompt) || typeof prompt === "string") && prompt.length > 0 && typeof text === "string";
}

/**
 * Refuses what no context can hold.
 * @param longest Tokens that the model was trained for.
 */
function checkLengths(requests: readonly TokenisedRequest[], longest: number): void {
  const issues: ConfigIssue[] = [];
  const tell = (wrong: readonly TokenisedRequest[], field: string, say: (one: TokenisedRequest) => string) => {
    const [first] = wrong;
    if (first === undefined) return;
    const others = wrong.length > 1 ? `, and so for ${wrong.length - 1} more` : "";
    issues.push({ path: `requests[${first.place}]${field}`, message: say(first) + others });
  };
  tell(
    requests.filter(({ promptTokens }) => promptTokens === 0),
    ".prompt",
    () => "Expected at least one token before the text, received none",
  );
  tell(
    requests.filter(({ tokens }) => tokens.length > longest),
    "",
    ({ tokens }) => `Expected at most ${longest} tokens, what the model was trained for, received ${tokens.length}`,
  );
  if (issues.length > 0) throw new InvalidConfigError(issues);
}

/**
 * The requests in parts. Those with the same prompt stand together, and so do prompts that begin alike: what they share
 * is decoded once.
 */
export function scoreParts(requests: readonly TokenisedRequest[]): TokenisedRequest[][] {
  const parts: TokenisedRequest[][] = [];
  let room = 0;
  let last: TokenisedRequest | undefined;
  for (const request of [...requests].sort(byPrompt)) {
    const added = request.tokens.length - (last === undefined ? 0 : common(last.tokens, request.tokens));
    room -= added;
    if (last === undefined || room < 0) {
      parts.push([]);
      room = PART_TOKENS - request.tokens.length;
    }
    parts.at(-1)!.push(request);
    last = request;
  }
  return parts;
}

function byPrompt(a: TokenisedRequest, b: TokenisedRequest): number {
  const n = common(a.tokens, b.tokens);
  const isSame = a.promptTokens === b.promptTokens && n >= a.promptTokens;
  const [endA, endB] = isSame ? [a.tokens.length, b.tokens.length] : [a.promptTokens, b.promptTokens];
  return n >= endA || n >= endB ? endA - endB : a.tokens[n]! - b.tokens[n]!;
}

function common(a: Int32Array, b: Int32Array): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
}
