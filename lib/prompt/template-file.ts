/** The chat template of a task: of its own, from a file, or the model's. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { InvalidConfigError } from "../errors.js";
import { expandHome } from "../files/home.js";
import type { PromptSpec } from "../task/prompt-spec.js";
import type { ChatTemplate } from "./chat-rendering.js";
import { longestTemplate } from "./template-renderer.js";

/**
 * @param own  that of the model, with its token texts.
 * @returns undefined where there is none.
 * @throws {InvalidConfigError} `prompt.template` as {@link readTemplateFile}.
 */
export async function templateOf({ template }: PromptSpec, own: ChatTemplate): Promise<ChatTemplate | undefined> {
  if (typeof template === "string") return { ...own, template: await readTemplateFile(template), file: template };
  if (template !== undefined) return { ...own, template: template.jinja, file: "prompt.template" };
  return own.template === "" ? undefined : own;
}

/**
 * A prompt with the text of its template file in place of the path, so that whoever takes it over needs no file.
 * @throws {InvalidConfigError} `prompt.template` as {@link readTemplateFile}.
 */
export async function withTemplateText<P extends { readonly template?: PromptSpec["template"] | undefined }>(
  prompt: P,
): Promise<P> {
  const { template } = prompt;
  return typeof template === "string" ? { ...prompt, template: { jinja: await readTemplateFile(template) } } : prompt;
}

/**
 * The text of a Jinja file, without its byte order mark.
 * @throws {InvalidConfigError} `prompt.template` when it is no regular file of UTF-8, is blank, or larger than a
 *   template can be.
 */
export async function readTemplateFile(path: string): Promise<string> {
  const bytes = await read(path).catch((cause: NodeJS.ErrnoException) => {
    throw invalid(`Cannot read "${path}": ${cause.code === "ENOENT" ? "no such file" : cause.message}`, cause);
  });
  if (bytes === undefined) {
    throw invalid(
      `Expected a Jinja file of at most ${longestTemplate} bytes, received "${path}", which is larger or no file`,
    );
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalid(`Expected UTF-8, received bytes that are none in "${path}": save the file as UTF-8`, cause);
  }
  if (text.trim() === "") throw invalid(`Expected a chat template, but "${path}" is blank`);
  return text;
}

async function read(path: string): Promise<Buffer | undefined> {
  await using file = await open(expandHome(path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)); // a FIFO is not waited for
  const stat = await file.stat();
  if (!stat.isFile() || stat.size > longestTemplate) return undefined;
  return await file.readFile();
}

function invalid(message: string, cause?: unknown): InvalidConfigError {
  return new InvalidConfigError([{ path: "prompt.template", message }], { cause });
}
