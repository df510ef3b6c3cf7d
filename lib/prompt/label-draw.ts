/** Which labels a group has: all of the task, or those whose turn it is. */
import { contrastsLabels, contrastsPrompts } from "../methods/coupling.js";
import { type LabelSets, labelSets } from "../methods/label-sets.js";
import { fewestLabels } from "../methods/top-up.js";
import { RandomStream } from "../random.js";
import type { ResolvedSpec } from "../task/spec.js";
import { labelLikeness } from "./label-likeness.js";
import type { SeedPools } from "./seeds.js";

/** The labels of a group, as indices into those of the task. */
export interface GroupLabels {
  /** Each once: first those that the group is for, then those that they are contrasted with beside each other. */
  readonly labels: readonly number[];
  /** The first so many are those that the group is for. */
  readonly own: number;
}

/**
 * The draw of a task. Rounds have `sizes.groups` groups each: in every round each label is in one group, so that all come
 * equally often. What a group has depends on the seed and its number alone.
 */
export class LabelDraw {
  readonly sizes: LabelSets;
  readonly #all: readonly number[];
  readonly #seed: bigint;
  readonly #contrastsLabels: boolean;
  readonly #isGuided: boolean;
  readonly #likeness: readonly (readonly number[])[] | undefined;
  #round: { readonly number: number; readonly order: readonly number[] } | undefined;

  constructor({ labels, method, sampling }: ResolvedSpec, pools: SeedPools) {
    this.sizes = labelSets(method, labels.length);
    this.#all = labels.map((_, label) => label);
    this.#seed = BigInt(sampling.seed);
    this.#contrastsLabels = contrastsLabels(method);
    this.#isGuided = contrastsPrompts(method);
    const settings = method.name === "fewgen-matched" ? method.match : method;
    const isNear = settings.name !== "matrix" && settings.labelGroups === "near" && !this.hasAll;
    this.#likeness = isNear ? labelLikeness(labels, pools) : undefined;
  }

  /** Whether every group has all labels. */
  get hasAll(): boolean {
    const { labels, groups } = this.sizes;
    return groups === 1 && labels === this.#all.length;
  }

  /** @param turn  number of the group, or of the groups that share prompts, from 0. */
  of(turn: number): GroupLabels {
    if (this.hasAll) return { labels: this.#all, own: this.#all.length };
    const { groups } = this.sizes;
    const order = this.#orderOf(Math.floor(turn / groups));
    const [first, end] = [turn % groups, (turn % groups) + 1].map((part) => this.#startOf(part)) as [number, number];
    const own = order.slice(first, end);
    const others = [...order.slice(end), ...order.slice(0, first)];
    return this.#with(own, this.#isGuided ? this.sizes.labels : own.length, others);
  }

  /**
   * The labels of a group that is made for some labels: these, and where the method contrasts labels and they are fewer
   * than {@link fewestLabels}, others to contrast them with.
   * @param wanted  at most `sizes.own` labels.
   */
  toppedUp(index: number, wanted: readonly number[]): GroupLabels {
    const isWanted = new Set(wanted);
    const rest = this.#all.filter((label) => !isWanted.has(label));
    const stream = new RandomStream(this.#seed, index, "partners", 0);
    const others = stream.sample(rest.length, rest.length).map((position) => rest[position]!);
    const partners = this.#isGuided ? this.sizes.labels : this.#contrastsLabels ? fewestLabels : 0;
    return this.#with(wanted, Math.min(partners, this.sizes.labels), others);
  }

  // The labels of a round in the order in which they are cut into groups.
  #orderOf(number: number): readonly number[] {
    if (this.#round?.number === number) return this.#round.order;
    const stream = new RandomStream(this.#seed, number, "labels", 0);
    let left = stream.sample(this.#all.length, this.#all.length);
    const order: number[] = [];
    for (let part = 0; part < this.sizes.groups; part++) {
      const size = this.#startOf(part + 1) - this.#startOf(part);
      left = this.#nearestFirst(left.slice(0, 1), left);
      order.push(...left.slice(0, size));
      const taken = new Set(left.slice(0, size));
      left = left.filter((label) => !taken.has(label));
    }
    this.#round = { number, order };
    return order;
  }

  // Sizes differ by 1 at most, the larger groups first.
  #startOf(part: number): number {
    const { groups } = this.sizes;
    return Math.floor(this.#all.length / groups) * part + Math.min(part, this.#all.length % groups);
  }

  #with(own: readonly number[], count: number, others: readonly number[]): GroupLabels {
    const partners = this.#nearestFirst(own, others).slice(0, Math.max(0, count - own.length));
    return { labels: [...own, ...partners], own: own.length };
  }

  // In the order given where labels are drawn at random.
  #nearestFirst(to: readonly number[], labels: readonly number[]): number[] {
    const likeness = this.#likeness;
    if (likeness === undefined) return [...labels];
    const of = (label: number) => to.reduce((sum, other) => sum + likeness[other]![label]!, 0);
    const near = labels.map((label) => ({ label, near: to.includes(label) ? Number.POSITIVE_INFINITY : of(label) }));
    return near.sort((a, b) => (a.near === b.near ? 0 : b.near - a.near)).map(({ label }) => label);
  }
}
