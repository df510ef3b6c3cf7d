// The part of a review's script that shows a row made again. Texts of rows and tokens stand in it as text only.
export const replayScript = `
const percent = (share) => (share === 0 ? "0" : share < 0.001 ? (100 * share).toExponential(0) : (100 * share).toFixed(1)) + " %";
const nats = (value) => (value < 0 ? "\\u2212" : "+") + Math.abs(value).toFixed(2);
let replaying = null;
// A second time closes it; one that is under way is stopped, also by another.
async function replay(item) {
  if (replaying) replaying.stop.abort();
  const open = item.querySelector(".replay");
  if (open) return open.remove();
  const mine = { stop: new AbortController() };
  replaying = mine;
  const panel = element("div", item, undefined, { className: "replay" });
  element("p", panel, "Making the row again \\u2026", { className: "what", role: "status" });
  try {
    const found = await ask("replay", { row: item.row.id }, mine.stop.signal);
    panel.replaceChildren();
    showReplay(panel, found);
  } catch (error) {
    if (mine.stop.signal.aborted) panel.remove();
    else panel.replaceChildren(), element("p", panel, "It cannot be made again. " + error.message, { className: "what", role: "alert" });
  } finally {
    if (replaying === mine) replaying = null;
  }
}
function showReplay(panel, found) {
  const kept = found.isSame === null ? "the run kept nothing to compare it with" : found.isSame ? "the same as in the run" : "NOT the same as in the run: " + found.doubts.join(". ");
  const facts = [found.id, found.method, found.tokens + " tokens", found.ending, kept];
  element("p", panel, facts.join(" \\u00b7 "), { className: "what", role: "status" });
  element("span", panel, found.text, { className: "text", dir: "auto" });
  showTokens(panel, found.trace, found.partners);
  element("p", panel, "The same prompt without contrast", { className: "what" });
  element("span", panel, found.withoutContrast.text, { className: "text", dir: "auto" });
}
function showTokens(panel, trace, partners) {
  const names = new Map(partners.map((one) => [one.row, one.kind === "row" ? one.id + " " + one.label : one.kind === "prompt" ? "prompt of " + one.label : one.kind]));
  const table = element("table", panel);
  const line = (cells, name) => {
    const row = element("tr", table);
    for (const cell of cells) element(name, row, cell);
  };
  line(["token", "own", "contrasted", "pushed (nats)", "most", "by"], "th");
  for (const step of trace) {
    const most = step.pushes.find((push) => push.row === step.strongest);
    const all = step.pushes.reduce((sum, push) => sum + push.nats, 0);
    const pushed = most ? [nats(all), nats(most.nats), names.get(most.row)] : ["", "", step.isKeptEnd ? "ends by itself" : ""];
    line([step.text === "" ? "(end)" : JSON.stringify(step.text), percent(step.own), percent(step.contrasted), ...pushed], "td");
  }
}
`;
