/** Which values of the attributes each row of a label gets: spread evenly, not drawn independently. */
import { RandomStream } from "../random.js";
import { valuesOf } from "../task/attributes.js";
import type { ResolvedSpec } from "../task/spec.js";
import { Deck } from "./deck.js";
import { longestText } from "./longest.js";

/**
 * A deck for each attribute of each label: of V values, any V rows in turn have each once. Decks are shuffled anew each
 * time, each attribute's for itself, so that in time every value meets every value of the others.
 */
export class AttributeDecks {
  readonly #values: readonly Readonly<Record<string, readonly string[]>>[];
  readonly #decks: readonly (readonly (readonly [name: string, deck: Deck])[])[];

  constructor({ labels, attributes, sampling }: Pick<ResolvedSpec, "labels" | "attributes" | "sampling">) {
    const seed = BigInt(sampling.seed);
    this.#values = labels.map(({ name }) => valuesOf(attributes, name));
    this.#decks = this.#values.map((values, label) =>
      Object.entries(values).map(([name, { length }], attribute) => {
        // a counter's word for the round, and one for the attribute
        const streamOf = (round: number) => new RandomStream(seed, attribute * 2 ** 32 + round, "attributes", label);
        return [name, new Deck(length, streamOf)] as const;
      }),
    );
  }

  /** @param place  of the row among those of its label, from 0. */
  at(label: number, place: number): Record<string, string> {
    const values = this.#values[label]!;
    return Object.fromEntries(this.#decks[label]!.map(([name, deck]) => [name, values[name]![deck.at(place)]!]));
  }

  /** The longest that a row of the label can have. */
  longest(label: number): Record<string, string> {
    const entries = Object.entries(this.#values[label]!);
    return Object.fromEntries(entries.map(([name, values]) => [name, longestText(values, (value) => value)!]));
  }
}
