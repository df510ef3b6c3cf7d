/** What is kept of a teacher's proposals, and what a person should know of the rest. */
import { invalidField } from "../errors.js";
import type { ResolvedSpec, SynthesisSpec } from "../task/spec.js";
import type { Choice } from "./choose.js";

/** Values with which an attribute is of use. */
export const fewest = 2;

/** What a teacher proposed, for a person to edit. */
export interface ProposedAttributes {
  /** As the field `attributes` of a task takes them. */
  readonly attributes: NonNullable<SynthesisSpec["attributes"]>;
  /** Values that the teacher's own check gives to another label than the one they were named for. */
  readonly dropped: readonly {
    readonly attribute: string;
    readonly label: string;
    readonly value: string;
    readonly takenFor: string;
  }[];
  /** What a person should know: attributes that came to nothing, and lists that are short. */
  readonly warnings: readonly string[];
}

/** What is kept of the attributes, one after the other. */
export class Found {
  readonly warnings: string[] = [];
  readonly #attributes: Record<string, readonly string[] | Record<string, readonly string[]>> = {};
  readonly #dropped: ProposedAttributes["dropped"][number][] = [];

  constructor(
    readonly labels: ResolvedSpec["labels"],
    readonly most: number,
  ) {}

  add(attribute: string, { lists, dropped }: Choice): void {
    const { labels, most } = this;
    const isShared = lists.length < labels.length || labels.length === 1;
    const few = lists.flatMap(({ length }, i) =>
      length < most ? [isShared ? `${length}` : `"${labels[i]!.name}" ${length}`] : [],
    );
    const told = `${few.slice(0, 5).join(", ")}${few.length > 5 ? `, and ${few.length - 5} more` : ""}`;
    if (lists.some(({ length }) => length < fewest)) {
      this.warnings.push(`Attribute "${attribute}" is left out, with too few values that can be used: ${told}`);
      return;
    }
    if (few.length > 0) this.warnings.push(`Attribute "${attribute}" has fewer values than ${most}: ${told}`);
    const byLabel = () => Object.fromEntries(labels.map(({ name }, label) => [name, lists[label]!]));
    this.#attributes[attribute] = isShared ? lists[0]! : byLabel();
    for (const { value, label, takenFor } of dropped)
      this.#dropped.push({ attribute, label: labels[label]!.name, value, takenFor: labels[takenFor]!.name });
  }

  result(): ProposedAttributes {
    if (Object.keys(this.#attributes).length > 0)
      return { attributes: this.#attributes, dropped: this.#dropped, warnings: this.warnings };
    const message =
      `Expected an attribute with at least ${fewest} values for each label, received none that can be used: take a larger ` +
      `instruction model, or write attributes by hand (${this.warnings.join("; ")})`;
    throw invalidField("teacher", message);
  }
}
