// The one script of a report: searches the rows and shows the row behind a point. It puts text into the page as text
// only, and asks nothing of any network.
export const script = `
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const list = document.getElementById("rows");
const more = document.getElementById("more");
const count = document.getElementById("count");
const query = document.getElementById("query");
const label = document.getElementById("label");
const dataset = document.getElementById("dataset");
const page = 50;
let found = [];
let shown = 0;
function element(name, text, parent) {
  const made = document.createElement(name);
  made.textContent = text;
  parent.append(made);
  return made;
}
function origin(row) {
  const own = data.labels[row[1]];
  return data.datasets.length > 1 ? data.datasets[row[0]] + " \\u00b7 " + own : own;
}
function showMore() {
  for (const row of found.slice(shown, shown + page)) {
    const item = document.createElement("li");
    element("small", origin(row), item);
    const text = element("span", row[2], item);
    text.className = "text";
    text.dir = "auto";
    list.append(item);
  }
  shown = Math.min(found.length, shown + page);
  count.textContent = found.length.toLocaleString("en-US") + (found.length === 1 ? " row" : " rows");
  more.hidden = shown >= found.length;
}
function search() {
  const words = query.value.toLowerCase().split(/\\s+/).filter(Boolean);
  found = data.rows.filter((row) => {
    if (label.value !== "" && row[1] !== Number(label.value)) return false;
    if (dataset && dataset.value !== "" && row[0] !== Number(dataset.value)) return false;
    const text = row[2].toLowerCase();
    return words.every((word) => text.includes(word));
  });
  list.replaceChildren();
  shown = 0;
  showMore();
}
query.addEventListener("input", search);
label.addEventListener("change", search);
if (dataset) dataset.addEventListener("change", search);
more.addEventListener("click", showMore);
document.querySelector(".controls").hidden = false;
search();

const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
document.body.append(tip);
function point(event) {
  const mark = event.target.closest && event.target.closest(".scatter .role-mark path");
  if (!mark) {
    tip.hidden = true;
    return;
  }
  const place = Array.prototype.indexOf.call(mark.parentNode.children, mark);
  const row = data.rows[data.points[mark.closest(".scatter").id][place]];
  tip.replaceChildren();
  element("b", origin(row), tip);
  element("span", row[2].length > 400 ? row[2].slice(0, 400) + "\\u2026" : row[2], tip).dir = "auto";
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  tip.style.left = Math.max(8, Math.min(event.clientX + 14, innerWidth - box.width - 8)) + "px";
  const below = event.clientY + 16;
  tip.style.top = (below + box.height > innerHeight - 8 ? Math.max(8, event.clientY - box.height - 12) : below) + "px";
}
document.addEventListener("pointermove", point);
document.addEventListener("pointerdown", point);
document.addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });
`;
