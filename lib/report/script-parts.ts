// What the scripts of pages share: elements that take text as text only, numbers, and a search.
export const scriptParts = `
const byId = (id) => document.getElementById(id);
const format = (number) => number.toLocaleString("en-US");
const rowCount = (number) => format(number) + (number === 1 ? " row" : " rows");
function element(name, parent, text, properties) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  Object.assign(made, properties);
  if (parent) parent.append(made);
  return made;
}
// Whether a text has all words that are looked for, whatever their case and their form in Unicode. What a row's text comes to is kept.
const folded = new WeakMap();
const fold = (text) => text.normalize("NFKC").toLowerCase();
function matcher(looked) {
  const words = fold(looked).split(/\\s+/).filter(Boolean);
  return (row, text) => {
    if (words.length === 0) return true;
    let known = folded.get(row);
    if (known === undefined || known.text !== text) folded.set(row, (known = { text, folded: fold(text) }));
    return words.every((word) => known.folded.includes(word));
  };
}
`;
