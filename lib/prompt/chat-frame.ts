/**
 * A chat template that was rendered around stand-ins for our texts: what it prints of its own, with holes where the
 * texts go. So its own text can be told from ours, control tokens in an instruction or a seed stay plain text, and it
 * is rendered once for all prompts.
 */
import { randomBytes } from "node:crypto";
import type { Prompt } from "../engine/prompt.js";

/**
 * The contents of a chat, in the order of the template: [system,] user and assistant of each example, user, then the
 * answer prefix.
 */
export type ChatContents = readonly string[];

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

/** Puts the contents into a frame, as plain text. */
export function fillChatFrame(frame: ChatFrame, contents: ChatContents): Prompt {
  return frame
    .map((piece) => {
      if ("special" in piece) return { text: piece.special, special: true };
      const content = contents[piece.hole] ?? "";
      return { text: content === "" ? "" : piece.before + content + piece.after, special: false };
    })
    .filter(({ text }) => text !== "");
}
