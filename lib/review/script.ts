// The script of a review's page. Rows stand in it as text only, and it asks nobody but the server that gave it out.
import { scriptParts } from "../report/script-parts.js";
import { replayScript } from "./replay-script.js";

export const script = `
"use strict";
${scriptParts}
const [list, more, count, query, label, which, undo, state, trouble] =
  ["rows", "more", "count", "query", "label", "which", "undo", "state", "trouble"].map(byId);
const page = 50;
const asWritten = { rejected: false, label: null, text: null };
let data = { labels: [], rows: [], refused: [] };
let revision = 0;
let decided = new Map();
let done = [];
let found = [];
let shown = 0;
let editing = null;
let saving = Promise.resolve();

const of = (row) => decided.get(row.id) || asWritten;
const same = (a, b) => a.rejected === b.rejected && a.label === b.label && a.text === b.text;
function complain(message) {
  trouble.textContent = message;
  trouble.hidden = message === "";
}
async function ask(path, decision, signal) {
  const options = decision && { signal, method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(decision) };
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("The server does not answer: what was saved before stays; start corrsynth review again and open its new address.");
  }
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  if ((decision && !signal) || !trouble.textContent.startsWith("Not saved")) complain("");
  return answer;
}
function learn(answer) {
  const changed = new Set();
  for (const { row, ...decision } of answer.decisions) {
    decided.set(row, decision);
    changed.add(row);
  }
  revision = answer.revision;
  for (const item of [...list.children]) if (changed.has(item.dataset.id) && item.dataset.id !== editing) fill(item);
  tell();
}
function tell() {
  const all = [...decided.values()];
  const kept = all.filter(({ rejected }) => !rejected);
  const parts = [
    format(data.rows.length) + " rows",
    format(all.length - kept.length) + " rejected",
    format(kept.filter((one) => one.label !== null).length) + " relabelled",
    format(kept.filter((one) => one.text !== null).length) + " edited",
  ];
  state.textContent = parts.join(" \\u00b7 ");
  undo.disabled = done.length === 0;
}

// One after the other: what a decision changes is looked at when its turn has come. Resolves to whether it was saved.
function decide(row, changeOf, isUndo) {
  saving = saving.then(async () => {
    const before = of(row);
    const after = { ...before, ...changeOf(before) };
    if (same(before, after)) return true;
    try {
      learn(await ask("decisions?after=" + revision, { row: row.id, ...after }));
      if (!isUndo) done.push({ row, before, after: of(row) });
      tell();
      return true;
    } catch (error) {
      complain("Not saved. " + error.message);
      return false;
    }
  });
  return saving;
}
async function takeBack() {
  await saving;
  const last = done.pop();
  if (!last) return;
  if (same(of(last.row), last.after)) await decide(last.row, () => last.before, true);
  else complain("Not undone: the row was decided about elsewhere since.");
  tell();
  const item = [...list.children].find((one) => one.dataset.id === last.row.id);
  if (item) item.focus();
}
let undoing = Promise.resolve();
function undoNext() {
  undoing = undoing.then(takeBack);
}

function fill(item) {
  const row = item.row;
  const { rejected, label: given, text } = of(row);
  const had = item.contains(document.activeElement);
  item.replaceChildren();
  item.className = rejected ? "rejected" : "";
  const side = element("div", item);
  if (row.reason !== undefined) {
    element("small", side, row.label + " \\u00b7 refused: " + row.reason);
  } else {
    const choice = element("select", side, undefined, { ariaLabel: "Label" });
    for (const name of data.labels) element("option", choice, name, { value: name });
    choice.value = given === null ? row.label : given;
    choice.addEventListener("change", () => decide(row, () => ({ label: choice.value === row.label ? null : choice.value })));
    const facts = [];
    if (given !== null) facts.push("was " + row.label);
    if (row.probability !== undefined) facts.push("check " + Math.round(100 * row.probability) + " %");
    if (rejected) facts.push("rejected");
    if (facts.length > 0) element("small", side, facts.join(" \\u00b7 "));
  }
  const middle = element("div", item);
  element("span", middle, text === null ? row.text : text, { className: "text", dir: "auto" });
  if (text !== null) element("span", middle, "was: " + row.text, { className: "was", dir: "auto" });
  const tools = element("div", item, undefined, { className: "tools" });
  element("button", tools, "Replay", { type: "button" }).addEventListener("click", () => replay(item));
  if (row.reason === undefined) {
    element("button", tools, rejected ? "Take back" : "Reject", { type: "button" }).addEventListener("click", () => reject(row));
    element("button", tools, "Edit", { type: "button" }).addEventListener("click", () => edit(item));
  }
  if (had) item.focus();
}
function reject(row) {
  return decide(row, ({ rejected }) => ({ rejected: !rejected }));
}
function edit(item) {
  const { row } = item;
  const middle = item.children[1];
  const text = of(row).text;
  editing = row.id;
  middle.replaceChildren();
  const area = element("textarea", middle, undefined, { value: text === null ? row.text : text, ariaLabel: "Text", dir: "auto", maxLength: 100000 });
  const leave = () => {
    editing = null;
    fill(item);
    item.focus();
  };
  const save = async () => {
    const written = area.value.trim();
    if (written === "") return complain("Not saved. A text cannot be blank: reject the row instead.");
    if (!(await decide(row, () => ({ text: written === row.text ? null : written })))) return;
    editing = null;
    fill(item);
    item.focus();
  };
  element("button", middle, "Save", { type: "button" }).addEventListener("click", save);
  element("button", middle, "Leave it", { type: "button" }).addEventListener("click", leave);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
  });
  area.focus();
}

${replayScript}
function showMore() {
  for (const row of found.slice(shown, shown + page)) {
    const item = element("li", list, undefined, { tabIndex: -1, row });
    item.dataset.id = row.id || "";
    fill(item);
  }
  shown = Math.min(found.length, shown + page);
  if (list.firstElementChild) list.firstElementChild.tabIndex = 0;
  count.textContent = rowCount(found.length) + (which.value === "refused" && data.refused.length === 0 ? ": the run keeps none, see filters.keepRejected" : "");
  more.hidden = shown >= found.length;
}
function search() {
  editing = null;
  const has = matcher(query.value);
  const wanted = which.value;
  found = (wanted === "refused" ? data.refused : data.rows).filter((row) => {
    const { rejected, label: given, text } = of(row);
    if (label.value !== "" && label.value !== (given === null ? row.label : given)) return false;
    if (wanted === "open" && rejected) return false;
    if (wanted === "rejected" && !rejected) return false;
    if (wanted === "changed" && given === null && text === null) return false;
    return has(row, text === null ? row.text : text);
  });
  list.replaceChildren();
  shown = 0;
  showMore();
}

function move(by) {
  const items = [...list.children];
  const at = items.findIndex((item) => item.contains(document.activeElement));
  if (at + by >= items.length && shown < found.length) showMore();
  const next = list.children[at < 0 ? 0 : Math.max(0, Math.min(list.children.length - 1, at + by))];
  if (next) next.focus();
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || ["INPUT", "TEXTAREA", "SELECT"].includes(event.target.tagName)) {
    if (event.key === "Escape" && event.target === query) query.blur();
    return;
  }
  const item = document.activeElement && document.activeElement.closest("#rows > li");
  const row = item && item.row.reason === undefined ? item.row : null;
  const number = Number(event.key);
  if (event.key === "j" || event.key === "ArrowDown") move(1);
  else if (event.key === "k" || event.key === "ArrowUp") move(-1);
  else if (event.key === "/") query.focus();
  else if (event.key === "u") undoNext();
  else if (event.key === "t" && item) replay(item);
  else if (event.key === "x" && row) reject(row);
  else if (event.key === "e" && row) edit(item);
  else if (row && number >= 1 && number <= data.labels.length) {
    const name = data.labels[number - 1];
    decide(row, () => ({ label: name === row.label ? null : name }));
  } else return;
  event.preventDefault();
});
query.addEventListener("input", search);
label.addEventListener("change", search);
which.addEventListener("change", search);
more.addEventListener("click", showMore);
undo.addEventListener("click", undoNext);

async function look() {
  saving = saving.then(() => ask("decisions?after=" + revision).then(learn)).catch((error) => trouble.textContent.startsWith("Not saved") || complain(error.message));
  await saving;
}
async function begin() {
  try {
    data = await ask("rows");
    for (const name of data.labels) element("option", label, name, { value: name });
    learn(data);
    search();
    setInterval(() => document.hidden || look(), 2000);
    document.addEventListener("visibilitychange", look);
  } catch (error) {
    complain(error.message);
  }
}
begin();
`;
