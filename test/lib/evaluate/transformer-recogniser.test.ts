import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { InvalidConfigError, ModelLoadError } from "../../../lib/errors.js";
import {
  loadTransformerRecogniser,
  recogniseWhole,
  type TokenPrediction,
} from "../../../lib/evaluate/transformer-recogniser.js";

// "angela/B-PER merkel/I-PER" as the library gives it, for each call in turn
function classifier(...calls: string[]) {
  const parts: string[] = [];
  const classify = async (part: string): Promise<TokenPrediction[]> => {
    parts.push(part);
    const pieces = (calls[parts.length - 1] ?? "").split(" ").filter((piece) => piece !== "");
    return pieces.map((piece) => ({
      word: piece.slice(0, piece.lastIndexOf("/")),
      entity: piece.slice(piece.lastIndexOf("/") + 1),
    }));
  };
  return { classify, parts };
}

const recognise = async (text: string, ...calls: string[]) =>
  (await recogniseWhole(text, classifier(...calls).classify)).map(({ type, text }) => `${type} ${text}`);

describe("recogniseWhole", () => {
  it("joins pieces into entities in the words of the text", async () => {
    const table: [text: string, pieces: string, entities: string[]][] = [
      ["Angela  Merkel spoke", "angela/B-PER merkel/I-PER spoke/O", ["PER Angela  Merkel"]],
      // B begins anew, I goes on, O ends, another type ends
      ["Ann Bob Cy", "Ann/B-PER Bob/B-PER Cy/I-PER", ["PER Ann", "PER Bob Cy"]],
      ["Ann x Bob", "Ann/B-PER x/O Bob/I-PER", ["PER Ann", "PER Bob"]],
      ["Ann Rome", "Ann/B-PER Rome/I-LOC", ["PER Ann", "LOC Rome"]],
      // BIOES: S is whole, E ends
      ["Ann Bob Cy Di", "Ann/S-PER Bob/S-PER Cy/B-PER Di/E-PER", ["PER Ann", "PER Bob", "PER Cy Di"]],
      ["Ann Bob Cy", "Ann/B-PER Bob/E-PER Cy/I-PER", ["PER Ann Bob", "PER Cy"]],
      // without prefixes neighbours are one
      ["New York won", "New/LOC York/LOC won/O", ["LOC New York"]],
      // a word has the label of its first piece
      ["in Berlinish.", "in/O berlin/B-LOC ##ish/O ./O", ["LOC Berlinish"]],
      ["the apples", "the/O apple/O ##s/B-ORG", []],
      // pieces with their space, as byte-level tokenisers have them
      ["in New York", "in/O  New/B-LOC  York/I-LOC".replaceAll("  ", " "), ["LOC New York"]],
      // accents and case that the tokeniser dropped
      ["ÉLODIE Noël.", "elodie/B-PER noel/I-PER ./O", ["PER ÉLODIE Noël"]],
      ["cafe\u0301 Noe\u0308l", "cafe/O noel/B-PER", ["PER Noe\u0308l"]],
      // an unknown word has no piece; a piece that is not in the text is passed over
      ["😀 Ann", "Ann/B-PER", ["PER Ann"]],
      ["Ann of Rome", "Ann/B-PER �/O Rome/B-LOC", ["PER Ann", "LOC Rome"]],
      // characters are words where a script has no spaces
      ["東京都", "東/B-LOC 京/I-LOC 都/O", ["LOC 東京"]],
    ];
    for (const [text, pieces, entities] of table) expect(await recognise(text, pieces), text).toEqual(entities);
  });

  it("goes on where the model's limit cut the text, from the entity that the cut went through", async () => {
    const { classify, parts } = classifier("Ann/B-PER met/O Tim/B-PER", "Tim/B-PER Cook/I-PER in/O", "Rome/B-LOC ./O");
    const entities = await recogniseWhole("Ann met Tim Cook in Rome.", classify);
    expect(parts).toEqual(["Ann met Tim Cook in Rome.", "Tim Cook in Rome.", " Rome."]);
    expect(entities.map(({ text }) => text)).toEqual(["Ann", "Tim Cook", "Rome"]);
  });

  it("ends with what the model cannot read, and takes an entity as long as the limit in two", async () => {
    expect(await recognise("Ann 😀😀", "Ann/B-PER", "")).toEqual(["PER Ann"]);
    expect(await recognise("😀😀", "")).toEqual([]);
    expect(await recognise(" \n")).toEqual([]);
    expect(await recognise("A B C", "A/B-PER B/I-PER", "C/I-PER")).toEqual(["PER A B", "PER C"]);
  });
});

const isInstalled = (() => {
  try {
    createRequire(import.meta.url).resolve("@huggingface/transformers");
    return true;
  } catch {
    return false;
  }
})();

// The package is an optional peer: either of the two is what can be tested.
const nothing = () => {};
const [absent, installed] = isInstalled ? [nothing, it] : [it, nothing];

describe("loadTransformerRecogniser", () => {
  absent("says how to install @huggingface/transformers where it is not", async () => {
    const failure = await loadTransformerRecogniser({ model: "ner" }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidConfigError);
    expect(failure).toMatchObject({
      message: expect.stringContaining('run "npm install @huggingface/transformers"'),
      cause: expect.any(Error),
    });
  });

  installed("refuses a folder without a model and fetches nothing", async () => {
    const failure = await loadTransformerRecogniser({ model: "no-such-folder" }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ModelLoadError);
    expect(failure).toMatchObject({ message: expect.stringContaining('received "no-such-folder"') });
  });
});
