/**
 * A chat template that was rendered around stand-ins for our texts: what it prints of its own, with holes where the
 * texts go. So its own text can be told from ours, control tokens in an instruction or a seed stay plain text, and it
 * is rendered once for all prompts.
 */
import { randomBytes } from "node:crypto";
import type { PromptPart } from "../engine/prompt.js";

/**
 * The contents of a chat, in the order of the template: [system,] user and assistant of each example, user, then the
 * answer prefix.
 */
export type ChatContents = readonly string[];

/** Who says a content of a chat. */
export type Role = "system" | "user" | "assistant";

/** Who says each of so many contents. */
export function rolesOf(contents: number, hasSystem: boolean): Role[] {
  const first = hasSystem ? 1 : 0;
  return Array.from({ length: contents }, (_, i) => {
    if (i < first) return "system";
    return (i - first) % 2 === 0 ? "user" : "assistant";
  });
}

/** A stretch of a prompt, and of a chat's contents who says it. */
export interface RenderedPart extends PromptPart {
  readonly role?: Role;
}

/**
 * A hole for the content of this index, with the spaces that the template has around it: a word begins with its space.
 */
export interface Hole {
  readonly hole: number;
  readonly before: string;
  readonly after: string;
}

/** A rendered template. */
export type ChatFrame = readonly ({ readonly special: string } | Hole)[];

/**
 * Letters and digits only, so that a template which trims, escapes or changes nothing but white space leaves it whole.
 */
export function standIn(): string {
  return `content${randomBytes(16).toString("hex")}`;
}

/** Cuts a rendered template at its stand-ins. */
export function chatFrame(text: string, standIns: readonly string[]): ChatFrame {
  return text
    .split(new RegExp(`( *(?:${standIns.join("|")}) *)`))
    .filter((piece) => piece !== "")
    .map((piece) => {
      const hole = standIns.indexOf(piece.trim());
      if (hole < 0) return { special: piece };
      const [before = "", after = ""] = piece.split(standIns[hole]!);
      return { hole, before, after };
    });
}

/**
 * Puts the contents into a frame, as plain text.
 * @param roles  of the contents; default they are not told.
 */
export function fillChatFrame(
  frame: ChatFrame,
  contents: ChatContents,
  roles: readonly Role[] = [],
): readonly RenderedPart[] {
  return frame
    .map((piece): RenderedPart => {
      if ("special" in piece) return { text: piece.special, special: true };
      const content = contents[piece.hole] ?? "";
      const role = roles[piece.hole];
      const text = content === "" ? "" : piece.before + content + piece.after;
      return { text, special: false, ...(role === undefined ? {} : { role }) };
    })
    .filter(({ text }) => text !== "");
}
