// The one script of a report: shows and searches the rows, and shows the row behind a point. It puts text into the page as
// text only, and asks nothing of any network.
import { rowsScript } from "./rows-script.js";
import { scriptParts } from "./script-parts.js";

const pointScript = `
const tip = element("div", document.body, undefined, { className: "tip", hidden: true });
function point(event) {
  const mark = event.target.closest && event.target.closest(".scatter .role-mark path");
  if (!mark) {
    tip.hidden = true;
    return;
  }
  const number = Array.prototype.indexOf.call(mark.parentNode.children, mark);
  const row = data.rows[data.points[mark.closest(".scatter").id][number]];
  tip.replaceChildren();
  const origin = data.datasets.length > 1 ? [data.datasets[row[0]]] : [];
  element("b", tip, [...origin, data.labels[row[1]], "row " + format(row[3])].join(" \\u00b7 "));
  element("span", tip, row[2].length > 400 ? row[2].slice(0, 400) + "\\u2026" : row[2], { dir: "auto" });
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

export const script = `
"use strict";
${scriptParts}
const data = JSON.parse(byId("data").textContent);
${rowsScript}
${pointScript}`;
