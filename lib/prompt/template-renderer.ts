/**
 * Renders a chat template (Jinja) in a process of its own, within limits. A template comes with a model, from anybody:
 * it may print without end, or take all memory. A thread would not do, since a single allocation beyond its limit ends
 * the whole process.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { type RenderAnswer, type RenderLimits, type RenderOrder, renderProgram } from "./render-program.js";

/** UTF-16 units of a template, and of what it prints. Those of today's models have up to 20,000. */
export const longestTemplate = 2 ** 20;
const limits: RenderLimits = { milliseconds: 5000, length: longestTemplate };
const memoryMb = 64;
/** Until a process that does not even start is given up. */
const startMilliseconds = 60_000;

/** What a template is given. */
export type TemplateVariables = Readonly<Record<string, unknown>>;

/** Why there is no text. */
export class TemplateFailure extends Error {
  /**
   * @param message  what the template does: "fails (…)", "takes more than 5 s", …
   * @param isFinal  whether it does so whatever variables it is given.
   */
  constructor(
    message: string,
    readonly isFinal: boolean,
  ) {
    super(message);
  }
}

/** A template, ready to be rendered any number of times, one rendering after the other. Must be closed. */
export class TemplateRenderer {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;
  #isLate = false;

  constructor(source: string) {
    if (source.length > longestTemplate) {
      throw new TemplateFailure(`has ${source.length} characters, more than ${longestTemplate}`, true);
    }
    const flags = [`--max-old-space-size=${memoryMb}`, "--max-semi-space-size=8"];
    this.#child = spawn(process.execPath, [...flags, "-e", `(${renderProgram})(require)`], {
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      env: { ...process.env, NODE_OPTIONS: "", ELECTRON_RUN_AS_NODE: "1" },
      windowsHide: true,
    });
    this.#ended = new Promise((_, reject) => {
      this.#child.once("error", (error) => reject(new TemplateFailure(`cannot be rendered (${error.message})`, true)));
      this.#child.once("close", (code) => reject(this.#end(code)));
    });
    this.#ended.catch(() => {}); // who renders is told
    const jinja = createRequire(import.meta.url).resolve("@huggingface/jinja");
    this.#send({ jinja, source, limits });
  }

  /** @throws {TemplateFailure} when the template raises an exception, cannot be read, or goes beyond a limit. */
  async render(variables: TemplateVariables): Promise<string> {
    const timer = setTimeout(() => {
      this.#isLate = true;
      this.#child.kill("SIGKILL");
    }, startMilliseconds);
    try {
      const answer = new Promise<RenderAnswer>((resolve) => this.#child.once("message", resolve));
      this.#send({ variables });
      return textOf(await Promise.race([answer, this.#ended]));
    } finally {
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended.catch(() => {});
  }

  #send(order: RenderOrder): void {
    this.#child.send(order, () => {}); // one that is gone already has closed
  }

  #end(code: number | null): TemplateFailure {
    if (this.#isLate) return new TemplateFailure(`takes more than ${startMilliseconds / 1000} s`, true);
    if (code === 0 || code === 1)
      return new TemplateFailure(`cannot be rendered (exit code ${code} of its process)`, true);
    return new TemplateFailure(`needs more than ${memoryMb} MB of memory`, true);
  }
}

function textOf(answer: RenderAnswer): string {
  if ("text" in answer) return answer.text;
  const { failure, reason } = answer;
  if (reason === "raised") throw new TemplateFailure(`fails (${failure})`, false);
  if (reason === "unreadable") throw new TemplateFailure(`cannot be read (${failure})`, true);
  if (reason === "long") throw new TemplateFailure(`prints ${failure}, more than ${limits.length}`, true);
  throw new TemplateFailure(`takes more than ${limits.milliseconds / 1000} s`, true);
}
