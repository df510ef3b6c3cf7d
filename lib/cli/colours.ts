// Colours on a terminal that has them; elsewhere texts stay as they are.
import type { Output } from "./terminal.js";

/** What is shown in a colour of its own. */
export type Paint = "template" | "system" | "user" | "assistant" | "written" | "rejected";

const codes: Readonly<Record<Paint, string>> = {
  template: "2",
  system: "35",
  user: "36",
  assistant: "32",
  written: "1;32",
  rejected: "31",
};

/**
 * Colours texts, line by line, so that none runs into the margin. Texts are made harmless before.
 * @param environment  with NO_COLOR (https://no-color.org) or TERM "dumb" there are none, with FORCE_COLOR also elsewhere than on
 *   a terminal; default that of the process.
 */
export function colours(
  { isTty }: Pick<Output, "isTty">,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): (paint: Paint, text: string) => string {
  const { NO_COLOR = "", FORCE_COLOR = "", TERM = "" } = environment;
  const isForced = FORCE_COLOR !== "" && FORCE_COLOR !== "0";
  if (NO_COLOR !== "" || !(isForced || (isTty && TERM !== "dumb"))) return (_, text) => text;
  return (paint, text) => text.replace(/[^\n]+/gu, (line) => `\x1b[${codes[paint]}m${line}\x1b[0m`);
}
