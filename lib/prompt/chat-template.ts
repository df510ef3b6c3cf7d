/**
 * A model's own chat template (Jinja) around our texts. The template runs on random stand-ins, which are then replaced:
 * so its own text can be told from ours, and control tokens in an instruction or a seed stay plain text.
 */
import { randomBytes } from "node:crypto";
import { Template } from "@huggingface/jinja";
import type { Prompt, PromptPart } from "../engine/prompt.js";
import { type InvalidConfigError, invalidField } from "../errors.js";
import type { ChatContents } from "./prompt.js";

/** A chat template, and the marker texts that it may print. */
export interface ChatTemplate {
  /** Jinja source, as `tokenizer.chat_template` of the GGUF has it. */
  readonly template: string;
  /**
   * Text of the begin-of-sequence token, "" without one. Where the template prints it, the first part begins with it,
   * and the tokeniser must not add another.
   */
  readonly bosToken: string;
  /** Text of the end-of-sequence token, "" without one. */
  readonly eosToken: string;
}

/** A rendered template with holes where the contents go. */
export type ChatFrame = readonly ({ readonly special: string } | { readonly hole: "system" | "user" })[];

/**
 * Renders a chat: [system,] user, the header of the assistant's turn, then the answer prefix.
 * @throws {InvalidConfigError} `prompt.format` when the template fails or leaves out the user's text, `prompt.system`
 *   when it takes no system message.
 */
export function renderChat(chat: ChatTemplate & ChatContents): Prompt {
  return fillChatFrame(chatFrame(chat, chat.system !== undefined), chat);
}

/** Runs the template once; the frame serves every prompt of a run. Throws as {@link renderChat} does. */
export function chatFrame({ template, bosToken, eosToken }: ChatTemplate, withSystem: boolean): ChatFrame {
  const system = standIn();
  const user = standIn();
  const messages = [...(withSystem ? [{ role: "system", content: system }] : []), { role: "user", content: user }];
  const text = render(template, { messages, bos_token: bosToken, eos_token: eosToken }, withSystem);
  if (!text.includes(user)) throw refused("prompt.format", "leaves out the user's message", 'use format "raw"');
  if (withSystem && !text.includes(system)) throw refused("prompt.system", "leaves out the system message", moveSystem);
  return text
    .split(new RegExp(`(${system}|${user})`))
    .filter((piece) => piece !== "")
    .map((piece) => {
      if (piece === user) return { hole: "user" };
      return piece === system ? { hole: "system" } : { special: piece };
    });
}

/** Puts the contents into a frame, as plain text. */
export function fillChatFrame(frame: ChatFrame, contents: ChatContents): Prompt {
  const parts = frame.map(
    (piece): PromptPart =>
      "special" in piece
        ? { text: piece.special, special: true }
        : { text: contents[piece.hole] ?? "", special: false },
  );
  return [...parts, { text: contents.answer, special: false }].filter((part) => part.text !== "");
}

const moveSystem = 'put its text into "instruction"';

// Letters only, so that a template that trims, escapes or changes nothing but white space leaves it whole.
function standIn(): string {
  return `content${randomBytes(16).toString("hex")}`;
}

function render(template: string, variables: Record<string, unknown>, withSystem: boolean): string {
  let parsed: Template;
  try {
    parsed = new Template(FIXED_CLOCK + template);
  } catch (cause) {
    throw refused("prompt.format", `cannot be read (${messageOf(cause)})`, 'use format "raw"', cause);
  }
  try {
    return parsed.render({ ...variables, add_generation_prompt: true, fixed_date: fixedDate, tools: null });
  } catch (cause) {
    // Some templates refuse a system message by raising an exception: then it is the system message that must go.
    if (withSystem && runs(parsed, variables)) {
      throw refused("prompt.system", `takes no system message (${messageOf(cause)})`, moveSystem, cause);
    }
    throw refused("prompt.format", `fails (${messageOf(cause)})`, 'use format "raw"', cause);
  }
}

function runs(parsed: Template, variables: Record<string, unknown>): boolean {
  const messages = (variables.messages as unknown[]).slice(1);
  try {
    parsed.render({ ...variables, messages, add_generation_prompt: true, fixed_date: fixedDate, tools: null });
    return true;
  } catch {
    return false;
  }
}

// Templates that print today's date get one fixed day, so that a seed gives the same prompts tomorrow. The renderer
// declares its own strftime_now and refuses a second, but a template may assign to it.
const FIXED_CLOCK = "{% set strftime_now = fixed_date %}";

function fixedDate(format: string): string {
  const fields: Record<string, string> = {
    d: "26",
    m: "07",
    b: "Jul",
    B: "July",
    Y: "2024",
    y: "24",
    a: "Fri",
    A: "Friday",
  };
  return format.replace(/%([a-zA-Z])/g, (_, field: string) => fields[field] ?? "00");
}

function refused(path: string, what: string, remedy: string, cause?: unknown): InvalidConfigError {
  const message = `The model's chat template ${what}: ${remedy}`;
  return invalidField(path, message, cause === undefined ? undefined : { cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
