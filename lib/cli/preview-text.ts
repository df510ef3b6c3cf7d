// A preview as text: each prompt once with the rows that were written to it, what became of them, and figures.
import { type Preview, type PreviewBoth, type PreviewRow, reasonCounts } from "../index.js";
import type { colours } from "./colours.js";
import { reasonText } from "./rejected-text.js";
import { counted, grouped, printable, remarks, strengthFacts, table } from "./terminal.js";

type Painted = ReturnType<typeof colours>;

/** The prompts of the first group with its rows, the rows of the others, and what there is to say of all. */
export function previewText(found: Preview, paint: Painted): string {
  const { prompts, rows, strength } = found;
  const first = new Set(rows.filter(({ group }) => group === 0).map(({ prompt }) => prompt));
  const shown = prompts.flatMap((prompt, i) => {
    if (!first.has(i)) return [];
    const own = rows.filter((row) => row.prompt === i);
    const count = own.length === 1 ? "" : `, the same for ${counted(own.length, "row")}`;
    const text = prompt.parts
      .map((part) => paint(part.role ?? (found.format === "raw" ? "user" : "template"), harmless(part.text)))
      .join("");
    return [
      `${printable(prompt.label)}${count}\n    ${indented(text)}\n${own.map((row) => rowText(row, paint)).join("")}\n`,
    ];
  });
  const others = rows.filter(({ prompt }) => !first.has(prompt));
  const further = others.map((row) => rowText(row, paint, [printable(row.label)])).join("");
  const heading = `${counted(others.length, "row")} of further groups, whose prompts have other examples or values (--json has them)\n`;
  const figures = [...previewFacts(found), ...strengthFacts(strength)].map(([name, value]) => `${name}: ${value}\n`);
  return [
    legend(found, paint),
    ...shown,
    ...(others.length === 0 ? [] : [`${heading}${further}\n`]),
    ...figures,
    remarks(found),
    ...found.advice.map((line) => `advice: ${printable(line)}\n`),
  ].join("");
}

/** Both formats, one after the other, and what tells them apart beside each other. */
export function bothText({ raw, chat }: PreviewBoth, paint: Painted): string {
  const formats = [["raw", raw] as const, ["chat", chat] as const];
  const texts = formats.map(([name, found]) => {
    const title = `Format ${name}\n${"=".repeat(7 + name.length)}\n\n`;
    return title + ("refused" in found ? `${harmless(found.refused)}\n` : previewText(found, paint));
  });
  const cells = formats.flatMap(([name, found]) => ("refused" in found ? [] : [comparison(name, found)]));
  const heads = ["format", "accepted", "ended", "at the limit", "Self-BLEU-5", "distinct-2", "tokens"];
  const advice =
    cells.length < 2
      ? ""
      : "Lower Self-BLEU and higher distinct-2 repeat less. So few rows are a look: read them, and set prompt.format.\n";
  return `${texts.join("\n")}\n${cells.length === 0 ? "" : table(heads, cells)}${advice}`;
}

function comparison(name: string, { rows, endings, collapse }: Preview): string[] {
  const accepted = rows.filter(({ fate }) => fate !== "rejected").length;
  const tokens = rows.reduce((all, row) => all + row.tokens, 0) / rows.length;
  return [
    name,
    `${grouped(accepted)} of ${grouped(rows.length)}`,
    grouped(endings.eos + endings.stop),
    grouped(endings.length),
    figure(collapse.selfBleu),
    figure(collapse.distinct2),
    grouped(tokens),
  ];
}

function previewFacts({ rows, endings, stops, collapse, seedCollapse }: Preview): [name: string, value: string][] {
  const count = (fate: PreviewRow["fate"]) => rows.filter((row) => row.fate === fate).length;
  const reasons = new Map<string, number>();
  for (const row of rows) {
    if (row.fate !== "rejected") continue;
    const reason = row.reason ?? "";
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const refused = reasons.size === 0 ? "" : `, rejected ${printable(reasonCounts(Object.fromEntries(reasons)))}`;
  const surplus = count("surplus") === 0 ? "" : `, ${grouped(count("surplus"))} more than count wants`;
  const each = Object.entries(stops).map(([text, n]) => `${quoted(text)} ${n === 0 ? "never" : grouped(n)}`);
  const byStop = each.length === 0 ? "" : ` (${each.join(", ")})`;
  const of = ({ texts, selfBleu, distinct2 }: Preview["collapse"]) =>
    `Self-BLEU-5 ${figure(selfBleu)}, distinct-2 ${figure(distinct2)} of ${texts}`;
  const seeds = seedCollapse === null ? "" : `; ${of(seedCollapse)} seeds`;
  return [
    ["rows", `${grouped(count("accepted"))} accepted${refused}${surplus}`],
    [
      "endings",
      `${grouped(endings.eos)} by an end token, ${grouped(endings.stop)} by a stop${byStop}, ${grouped(endings.length)} at the limit`,
    ],
    ["collapse", `${of(collapse)} rows${seeds}`],
  ];
}

function rowText(row: PreviewRow, paint: Painted, label: readonly string[] = []): string {
  const { fate, written, tokens, ending, stop, labelProbability, takenFor, reason = "" } = row;
  const isRejected = fate === "rejected";
  const said = reasonText({ reason, ...(takenFor === undefined ? {} : { takenFor }) });
  const ended = stop === undefined ? ending : `stop ${quoted(stop)}`;
  const about = [
    ...label,
    ...(isRejected ? [`rejected: ${printable(said)}`] : []),
    ...(fate === "surplus" ? ["more than count wants"] : []),
    `${grouped(tokens)} tokens`,
    ended,
    ...(labelProbability === undefined ? [] : [`label ${Math.round(100 * labelProbability)} %`]),
  ];
  const text = isRejected ? written.trim() : row.text;
  const shown = text === "" ? "(no text)" : paint(isRejected ? "rejected" : "written", harmless(text));
  const off = isRejected ? "" : takenOff(row);
  return `  ⇒ ${indented(shown)}\n  (${about.join(", ")})\n${off}`;
}

// What filters take off a text that is accepted: nothing of what was written is kept from who looks at it.
function takenOff({ text, written }: PreviewRow): string {
  const whole = written.trim();
  if (whole === text) return "";
  const at = whole.indexOf(text);
  if (at < 0) return `  (as it was written: ${quoted(whole)})\n`;
  const around = [whole.slice(0, at), whole.slice(at + text.length)].filter((part) => part.trim() !== "");
  return around.length === 0 ? "" : `  (taken off: ${around.map(quoted).join(" and ")})\n`;
}

function legend({ format, prompts }: Preview, paint: Painted): string {
  if (format === "raw" || paint("user", "x") === "x") return "";
  const roles = new Set(prompts.flatMap(({ parts }) => parts.map(({ role }) => role ?? "template")));
  const names = (["template", "system", "user", "assistant"] as const).filter((name) => roles.has(name));
  return `${[...names, "written" as const].map((name) => paint(name, name)).join(" · ")}\n\n`;
}

const figure = (value: number | null) => (value === null ? "none" : value.toFixed(2));
const harmless = (text: string) => printable(text, { keepNewlines: true });
const indented = (text: string) => text.replaceAll("\n", "\n    ");
const quoted = (text: string) => printable(JSON.stringify(text));
