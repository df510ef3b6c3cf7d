import { describe, expect, it } from "vitest";
import { type Entity, entityEntropy } from "../../../lib/evaluate/entities.js";
import { findEntities } from "../../../lib/evaluate/read-texts.js";
import { type EntityRecogniser, offlineRecogniser } from "../../../lib/evaluate/recognisers.js";

const capitals: EntityRecogniser = {
  name: "capital letters",
  recognise: async (text) => [...text.matchAll(/[A-Z]\w*/g)].map(([found]) => ({ type: "NAME", text: found })),
};

const found = async (text: string) =>
  (await offlineRecogniser.recognise(text)).map(({ type, text }) => `${type} ${text}`);

describe("offlineRecogniser", () => {
  it("finds people, places and organisations without the punctuation around them", async () => {
    expect(await found("(Barack Obama) met Tim Cook of Apple Inc. in Berlin.")).toEqual([
      "PERSON Barack Obama",
      "PERSON Tim Cook",
      "PLACE Berlin",
      "ORG Apple Inc",
    ]);
  });

  it("leaves out the 's of a possessive, so that owner and owned-by are one entity", async () => {
    expect(await found("He liked Google's offices.")).toEqual(["ORG Google"]);
  });

  it("finds numbers of six kinds", async () => {
    expect(await found("It paid $5 million, 20% of it in May 2020 at 5:30 pm, to the first of two.")).toEqual([
      "MONEY $5 million",
      "PERCENT 20%",
      "DATE May 2020",
      "TIME 5:30 pm",
      "ORDINAL first",
      "CARDINAL two",
    ]);
  });

  it("finds none where there are none, and no web addresses or tags", async () => {
    for (const text of ["", "  \n", "it was raining", "#tag a@b.org :)"]) expect(await found(text), text).toEqual([]);
  });

  it("reads the first 20,000 characters, and a word without end in bounded time", async () => {
    const filler = "it was raining. ".repeat(2_000);
    expect(await found(`Tim Cook came. ${filler}`)).toEqual(["PERSON Tim Cook"]);
    expect(await found(`${filler} Tim Cook came.`)).toEqual([]);
    expect(await found(`Tim Cook came. ${"x".repeat(300_000)}`)).toEqual(["PERSON Tim Cook"]);
  });

  it("names both libraries and what each finds", () => {
    expect(offlineRecogniser.name).toMatch(/compromise.*PERSON.*wink-nlp.*DATE/);
  });
});

describe("findEntities", () => {
  it("finds the entities of all texts in order, and none in blank ones", async () => {
    const entities = await findEntities(["Ann met Bob", " ", "and Ann"], capitals);
    expect(entities).toEqual(["Ann", "Bob", "Ann"].map((text): Entity => ({ type: "NAME", text })));
    // 2/3 log2 3/2 + 1/3 log2 3
    expect(entityEntropy(entities).mean).toBeCloseTo(0.918295834054489, 14);
    expect(await findEntities([], capitals)).toEqual([]);
  });

  it("does not show blank texts to the recogniser", async () => {
    const seen: string[] = [];
    const recogniser: EntityRecogniser = {
      name: "witness",
      recognise: async (text) => {
        seen.push(text);
        return [];
      },
    };
    await findEntities(["", "a", "\n"], recogniser);
    expect(seen).toEqual(["a"]);
  });

  it("stops with the signal's reason, before any work where it was aborted before", async () => {
    const reason = new Error("enough");
    await expect(findEntities(["A"], capitals, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const endless = Array<string>(1e6).fill("A");
    let calls = 0;
    const recogniser: EntityRecogniser = {
      name: "slow",
      recognise: async () => {
        calls++;
        if (calls === 10) controller.abort(reason);
        await new Promise((resolve) => setTimeout(resolve, 5));
        return [];
      },
    };
    await expect(findEntities(endless, recogniser, { signal: controller.signal })).rejects.toBe(reason);
    expect(calls).toBeLessThan(1000);
  });

  it("passes on what the recogniser throws", async () => {
    const failing: EntityRecogniser = { name: "failing", recognise: () => Promise.reject(new Error("no model")) };
    await expect(findEntities(["a"], failing)).rejects.toThrow("no model");
  });
});
