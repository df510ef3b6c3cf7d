// The part of a report's script that shows its rows: a window of them in the page, whatever their number, found by text,
// label and state, and turned by buttons and keys. Keys count where a row has the focus, and nowhere else.
export const rowsScript = `
const [list, count, query, label, state, dataset, order, size, pager, before, after, place, chosen] =
  ["rows", "count", "query", "label", "state", "dataset", "order", "size", "pager", "before", "after", "place", "chosen"].map(byId);
const held = new Map(data.rows.map((row) => [row[0] + " " + row[3], row]));
const confidence = new Map(data.confidence.map((own, i) => [data.rows[i], own]));
const isOrdered = () => Boolean(order) && order.value !== "";
const learnt = (row) => { const own = confidence.get(row); return own === undefined || own === null ? 101 : own; };
const rejected = new Set(data.rejected);
const inSets = (a, b) => a[0] - b[0] || a[4][2] - b[4][2] || a[3] - b[3];
let found = [];
let start = 0;

function rowsOf(wanted) {
  if (wanted === "accepted") return data.rows;
  if (wanted === "alike") return data.rows.filter((row) => row[4]).sort(inSets);
  if (wanted === "all") return data.rows.concat(data.rejected);
  if (wanted === "rejected") return data.rejected;
  return data.rejected.filter((row) => row[3] === Number(wanted));
}
function search() {
  const has = matcher(query.value);
  found = rowsOf(state.value).filter((row) => {
    if (label.value !== "" && row[1] !== Number(label.value)) return false;
    if (dataset && dataset.value !== "" && row[0] !== Number(dataset.value)) return false;
    return has(row, row[2]);
  });
  if (isOrdered()) found.sort((a, b) => learnt(a) - learnt(b));
  show(0);
}
const step = () => Number(size.value);
function show(from) {
  start = from;
  const rows = found.slice(start, start + step());
  list.replaceChildren(...rows.map(item));
  if (list.firstElementChild) list.firstElementChild.tabIndex = 0;
  const all = rowCount(found.length);
  const range = found.length > rows.length ? "Rows " + format(start + 1) + " \\u2013 " + format(start + rows.length) + " of " + format(found.length) : all;
  count.textContent = range;
  place.textContent = range;
  pager.hidden = found.length <= step();
  // a disabled button would lose the focus
  before.setAttribute("aria-disabled", String(start === 0));
  after.setAttribute("aria-disabled", String(start + step() >= found.length));
  tell();
}
// What is printed says what it is a part of.
function tell() {
  const chosenOf = (select) => select && select.selectedIndex > 0 ? [select.options[select.selectedIndex].text] : [];
  const words = query.value.trim() === "" ? [] : ["with \\u201c" + query.value.trim() + "\\u201d"];
  const parts = [state.options[state.selectedIndex].text, ...chosenOf(label), ...chosenOf(dataset), ...chosenOf(order), ...words];
  chosen.textContent = "Chosen: " + parts.join(", ") + ".";
}
function turn(to) {
  const last = Math.max(0, Math.ceil(found.length / step()) - 1) * step();
  const from = Math.max(0, Math.min(last, to));
  if (from !== start) show(from);
}
function item(row) {
  const made = element("li", undefined, "");
  made.tabIndex = -1;
  const isRejected = rejected.has(row);
  if (isRejected) made.className = "rejected";
  const side = element("div", made);
  side.className = "side";
  element("bdi", side, data.labels[row[1]]);
  if (data.datasets.length > 1) element("small", side, data.datasets[row[0]]);
  const why = element("small", side, isRejected ? "rejected: " + data.reasons[row[3]] + (row[4] === undefined ? "" : ", taken for " + row[4]) : "row " + format(row[3]));
  why.className = "state";
  if (isOrdered() && learnt(row) <= 100) element("small", side, "confidence " + learnt(row) + " %");
  const middle = element("div", made);
  text("text", middle, row[2] === "" ? "(no text)" : row[2]);
  if (!isRejected && row[4]) like(row, middle);
  return made;
}
function text(name, parent, words) {
  const made = element("span", parent, words);
  made.className = name;
  made.dir = "auto";
}
function like(row, parent) {
  const [number, percent, , own] = row[4];
  const other = held.get(row[0] + " " + number);
  const how = percent === null ? "The same but for case and spacing as" : percent + " % of the word triples in common with";
  element("small", parent, how + " row " + format(number) + ":");
  text("was", parent, other ? other[2] : own);
}

function focusOn(at) {
  const next = list.children[at];
  if (next) next.focus();
}
const rowKeys = {
  j: (at) => at + 1 < list.children.length ? focusOn(at + 1) : start + step() < found.length && (turn(start + step()), focusOn(0)),
  k: (at) => at > 0 ? focusOn(at - 1) : start > 0 && (turn(start - step()), focusOn(list.children.length - 1)),
  n: () => { turn(start + step()); focusOn(0); },
  p: () => { turn(start - step()); focusOn(0); },
  Home: () => { turn(0); focusOn(0); },
  End: () => { turn(found.length); focusOn(list.children.length - 1); },
  "/": () => query.focus(),
};
Object.assign(rowKeys, { ArrowDown: rowKeys.j, ArrowUp: rowKeys.k, ArrowRight: rowKeys.n, ArrowLeft: rowKeys.p });
list.addEventListener("keydown", (event) => {
  const at = Array.prototype.indexOf.call(list.children, event.target);
  if (at < 0 || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(rowKeys, event.key)) return;
  rowKeys[event.key](at);
  event.preventDefault();
});
list.addEventListener("focusin", (event) => {
  for (const one of list.children) one.tabIndex = one === event.target ? 0 : -1;
});
query.addEventListener("keydown", (event) => {
  if (event.key === "Enter") focusOn(0);
  else if (event.key === "Escape" && query.value !== "") {
    query.value = "";
    search();
  } else return;
  event.preventDefault();
});
query.addEventListener("input", search);
for (const choice of [label, state, dataset, order]) if (choice) choice.addEventListener("change", search);
size.addEventListener("change", () => show(Math.floor(start / step()) * step()));
function press(by) {
  turn(start + by * step());
  if (list.getBoundingClientRect().top < 0) list.scrollIntoView();
}
before.addEventListener("click", () => press(-1));
after.addEventListener("click", () => press(1));
for (const id of ["controls", "keys"]) byId(id).hidden = false;
chosen.hidden = false;
search();
`;
