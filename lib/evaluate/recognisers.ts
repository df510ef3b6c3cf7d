// Who finds the entities. Entity entropy depends on the recogniser more than on the texts, so each has a name to print
// beside it.
import { createRequire } from "node:module";
import type { ItemEntity, Model, WinkMethods } from "wink-nlp";
import { scriptRuns } from "../text/scripts.js";
import type { Entity } from "./entities.js";

/** Finds the named entities of a text; bring your own, or take one of those here. */
export interface EntityRecogniser {
  /** What it is and which model it uses, to print beside every number that depends on it. */
  readonly name: string;
  /** Scripts that it finds entities in, by Unicode's names, such as "Latin"; default any. */
  readonly scripts?: readonly string[] | undefined;
  /** The entities of one text, each mention once, in the words of the text. */
  recognise(text: string): Promise<readonly Entity[]>;
}

/**
 * Why a recogniser is not asked about texts: most of their letters are of scripts that it does not know. Undefined
 * where it is to be asked.
 */
export function unreadable(
  { name, scripts }: EntityRecogniser,
  rows: readonly { readonly text: string }[],
): string | undefined {
  if (scripts === undefined) return undefined;
  let [known, all] = [0, 0];
  for (const { text } of rows) {
    for (const { script, letters } of scriptRuns(text)) {
      all += letters;
      if (scripts.includes(script)) known += letters;
    }
  }
  if (all === 0 || known >= all / 2) return undefined;
  const share = Math.round((100 * (all - known)) / all);
  return `${name} reads ${scripts.join(", ")} script, and ${share} % of the letters are of others: give a recogniser of the language (--ner FOLDER)`;
}

// Both libraries take the square of the length of a word, and compromise a millisecond for a hundred characters.
const mostCharacters = 20_000;
const longestWord = /\S{1000}/gu;

/**
 * The recogniser that needs no model file: PERSON, PLACE and ORG by the word lists and rules of compromise, DATE, TIME,
 * MONEY, PERCENT, CARDINAL and ORDINAL by wink-nlp. English only, and it misses many names: good for comparing sets
 * with each other, never to be set beside numbers of another recogniser. Of a text it reads the first 20,000 characters.
 */
export const offlineRecogniser: EntityRecogniser = {
  name: "compromise (PERSON, PLACE, ORG) + wink-nlp (DATE, TIME, MONEY, PERCENT, CARDINAL, ORDINAL)",
  scripts: ["Latin"],
  async recognise(text) {
    const read = text.slice(0, mostCharacters).replace(longestWord, "$& ");
    return [...(await names(read)), ...numbers(read)];
  },
};

/** What compromise says about a word, as far as it is used here. */
interface Term {
  readonly pre: string;
  readonly text: string;
  readonly post: string;
  readonly tags: readonly string[];
}

async function names(text: string): Promise<Entity[]> {
  const { default: nlp } = await import("compromise"); // half a megabyte of word lists that other users should not load
  const document = nlp(text);
  const found = { PERSON: document.people(), PLACE: document.places(), ORG: document.organizations() };
  return Object.entries(found).flatMap(([type, view]) => {
    const matches = view.json({ terms: { tags: true } }) as { readonly terms: readonly Term[] }[];
    return matches.map(({ terms }) => ({ type, text: surface(terms) })).filter((entity) => entity.text !== "");
  });
}

// The words as they stand, without the punctuation around them and the 's of a possessive: `(Smith's),` is Smith.
function surface(terms: readonly Term[]): string {
  const words = terms.map(({ pre, text, post }, i) => {
    return (i === 0 ? "" : pre) + text + (i === terms.length - 1 ? "" : post);
  });
  const isPossessive = terms.at(-1)?.tags.includes("Possessive") ?? false;
  return isPossessive ? words.join("").replace(/['’]s?$/u, "") : words.join("");
}

const numericTypes: ReadonlySet<string> = new Set(["DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL"]);
let wink: WinkMethods | undefined;

// A second wink-nlp beside the tokeniser's: its entity stage takes time that tokens alone do not need.
function load(): WinkMethods {
  const require = createRequire(import.meta.url);
  const winkNlp = require("wink-nlp") as (model: Model, pipe: string[]) => WinkMethods;
  return winkNlp(require("wink-eng-lite-web-model") as Model, ["ner"]);
}

function numbers(text: string): Entity[] {
  wink ??= load();
  const { its } = wink;
  const entities: Entity[] = [];
  wink
    .readDoc(text)
    .entities()
    .each((entity: ItemEntity) => {
      const type = entity.out(its.type) as string;
      if (numericTypes.has(type)) entities.push({ type, text: entity.out() });
    });
  return entities;
}
