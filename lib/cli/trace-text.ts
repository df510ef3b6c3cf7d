// The trace of a row for a terminal: a line for each token.
import type { LikelyToken, ReplayPartner, TokenTrace } from "../index.js";
import { clip, printable, table } from "./terminal.js";

/** Characters of a token that are shown. */
const widest = 24;

/**
 * A table with a line for each token: its probabilities, how far all partners together pushed it, and which of them the
 * furthest; where likely tokens were asked for, these.
 */
export function traceText(trace: readonly TokenTrace[], partners: readonly ReplayPartner[]): string {
  const names = new Map(partners.map((partner) => [partner.row, nameOf(partner)]));
  const hasPartners = trace.some(({ pushes }) => pushes.length > 0);
  const hasLikely = trace.some(({ likelyOwn }) => likelyOwn.length > 0);
  const headings = [
    ...["token", "own", "contrasted", "drawn"],
    ...(hasPartners ? ["pushed", "most by", "from"] : []),
    ...(hasLikely ? ["likely by itself", "contrasted"] : []),
  ];
  const rows = trace.map((step) => {
    const most = step.pushes.find(({ row }) => row === step.strongest);
    const pushed = step.pushes.reduce((sum, { nats }) => sum + nats, 0);
    const none = step.isKeptEnd ? "ends by itself" : "none";
    return [
      ...[shown(step), percent(step.own), percent(step.contrasted), percent(step.drawn)],
      ...(hasPartners ? (most ? [nats(pushed), nats(most.nats), names.get(most.row) ?? ""] : ["", "", none]) : []),
      ...(hasLikely ? [list(step.likelyOwn, "own"), list(step.likelyContrasted, "contrasted")] : []),
    ];
  });
  const columns = table(headings, rows);
  const note = hasPartners ? "Pushes are in nats; above 0 the partner made the token more likely here.\n" : "";
  return `${columns}${note}`;
}

function nameOf({ kind, label, id }: ReplayPartner): string {
  return printable(kind === "row" ? `${id} ${label}` : kind === "prompt" ? `prompt of ${label}` : kind);
}

function shown({ text }: Pick<LikelyToken, "text">): string {
  return text === "" ? "(end)" : clip(printable(JSON.stringify(text)), widest);
}

function list(tokens: readonly LikelyToken[], by: "own" | "contrasted"): string {
  return tokens.map((token) => `${shown(token)} ${percent(token[by])}`).join(" ");
}

function nats(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
}

/** 0..1 as "12.3 %", of small ones two digits. */
function percent(share: number): string {
  if (share === 0) return "0 %";
  return share < 0.000_95
    ? `${(100 * share).toExponential(0)} %`
    : `${(100 * share).toFixed(share < 0.0995 ? 2 : 1)} %`;
}
