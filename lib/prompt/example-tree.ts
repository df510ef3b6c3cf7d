/** Examples of successive groups as a tree: they share their first examples, and no two have the same ones. */
import { treeSpan } from "../methods/label-sets.js";
import { RandomStream } from "../random.js";
import { type Mix, shares } from "./mixed-examples.js";

/** Groups beside each other that share a place of the prompt, and children of a node of the tree, at most. */
const mostChildren = Math.sqrt(treeSpan);
/** Sizes that are tried for a share of the pool. */
const triedSizes = 8;
/** Distances of rows that are tried. */
const triedDistances = 200;
/** Above it bounds are not told apart. */
const most = 2 ** 40;

/** A place of the prompt, and the share of the pool that its examples come from. */
interface Place {
  readonly isMade: boolean;
  /** Groups in a row that have one example here. */
  readonly every: number;
  size: number;
}

/**
 * The examples of a label, by the number of the label's group. Every place of the prompt has a share of the pool to
 * itself, of which each example is dealt once before any comes again: at the last place one for every group, at the one
 * before for four groups, at all others for {@link treeSpan}; with few seeds for fewer. What a node of the tree holds
 * depends on the seed, the label and the node's number alone.
 *
 * With T the number of a group, place p holds example ⌊T / every⌋ mod size of its share. The sizes are chosen such that T is
 * known from all of these together, up to a bound that is as large as can be: so long no two groups have the same examples.
 */
export class ExampleTree {
  /** Rows so many groups apart may have the same examples, and none before: integer ≥ 1. */
  readonly distinctGroups: number;
  /** Examples at the beginning of a prompt that groups share, by how many: each number once, ascending. */
  readonly shared: readonly number[];
  readonly #seed: bigint;
  readonly #label: number;
  readonly #mix: Mix;
  readonly #repeat: number;
  readonly #places: readonly Place[];
  /** The rows of a label are so many groups apart in the tree. */
  readonly #apart: number;
  #order: { readonly round: number; readonly human: readonly number[]; readonly made: readonly number[] } | undefined;

  /**
   * @param mix  the label's pool.
   * @param shots  examples of a prompt; those of a model are at most half of them, as {@link shares} has it.
   * @param repeat  rows of the label in a group.
   */
  constructor(seed: bigint, label: number, mix: Mix, shots: number, repeat: number) {
    this.#seed = seed;
    this.#label = label;
    this.#mix = mix;
    this.#repeat = repeat;
    this.#places = placesOf(mix, shots);
    const distinct = periodOf(this.#places);
    this.#apart = apart(this.#places, distinct, repeat);
    const gaps = repeat === 1 ? distinct : Math.min(this.#apart, distinct - (repeat - 1) * this.#apart);
    this.distinctGroups = Math.max(1, gaps);
    const ends = this.#places.flatMap(({ every }, i) => (every > (this.#places[i + 1]?.every ?? 1) ? [i + 1] : []));
    this.shared = [0, ...ends].filter((end) => end < Math.max(1, this.#places.length));
  }

  /** For each row of the label, positions in its pool. @param turn  groups that the label had before, integer ≥ 0. */
  draw(turn: number): number[][] {
    const round = Math.floor(turn / this.distinctGroups);
    const { human, made } = this.#orderOf(round);
    return Array.from({ length: this.#repeat }, (_, row) => {
      const at = (turn % this.distinctGroups) + row * this.#apart;
      const from = { human: 0, made: 0 };
      return this.#places.map(({ isMade, every, size }) => {
        const pool = isMade ? "made" : "human";
        const first = from[pool];
        from[pool] += size;
        return (isMade ? made : human)[first + (Math.floor(at / every) % size)]!;
      });
    });
  }

  // When all sets of examples were dealt, the pool is shared out anew.
  #orderOf(round: number) {
    if (this.#order?.round === round) return this.#order;
    const stream = new RandomStream(this.#seed, round, "tree", this.#label);
    const shuffled = (pool: readonly number[]) => stream.sample(pool.length, pool.length).map((i) => pool[i]!);
    this.#order = { round, human: shuffled(this.#mix.human), made: shuffled(this.#mix.made) };
    return this.#order;
  }
}

function placesOf(mix: Mix, shots: number): Place[] {
  const [human, made] = shares(mix, shots);
  const count = human + made;
  const perPlace = [human > 0 ? mix.human.length / human : most, made > 0 ? mix.made.length / made : most];
  const children = Math.max(1, Math.min(mostChildren, ...perPlace.map(Math.floor)));
  const places = Array.from({ length: count }, (_, i) => ({
    isMade: Math.floor(((i + 1) * made) / count) > Math.floor((i * made) / count), // spread evenly
    every: children ** Math.min(2, count - 1 - i),
    size: 0,
  }));
  let best: Place[] = [];
  for (let tried = 0; tried < triedSizes ** 2; tried++) {
    const less = [tried % triedSizes, Math.floor(tried / triedSizes)];
    const sized = withSizes(places, [mix.human.length, mix.made.length], children, less);
    if (sized !== undefined && (best.length === 0 || periodOf(sized) > periodOf(best))) best = sized;
  }
  return best;
}

// Places that change sooner than the first ones get a multiple of the children, those get what is left of the pool.
function withSizes(
  places: readonly Place[],
  [human, made]: readonly number[],
  children: number,
  less: readonly number[],
): Place[] | undefined {
  const top = places[0]?.every ?? 1;
  const sized = places.map((place) => ({ ...place }));
  for (const isMade of [false, true]) {
    const own = sized.filter((place) => place.isMade === isMade);
    const pool = (isMade ? made : human)!;
    const low = own.filter(({ every }) => every < top);
    for (const place of low) {
      const multiples = Math.floor(pool / own.length / children) - less[place.every === 1 ? 0 : 1]!;
      if (multiples < 1) return undefined;
      place.size = multiples * children;
    }
    const first = own.filter(({ every }) => every === top);
    const left = pool - low.reduce((sum, { size }) => sum + size, 0);
    for (const [i, place] of first.entries()) place.size = Math.floor((left + i) / first.length);
  }
  return sized.every(({ size }) => size >= 1) ? sized : undefined;
}

// Groups until the same examples come again.
function periodOf(places: readonly Place[]): number {
  let period = 1;
  const steps = [...new Set(places.map(({ every }) => every))];
  for (const [i, every] of steps.entries()) {
    const children = i === 0 ? 1 : steps[i - 1]! / every;
    for (const place of places.filter((other) => other.every === every)) period = lcm(period, place.size / children);
    period = Math.min(most, period * children);
  }
  return Math.min(most, period * (steps.at(-1) ?? 1));
}

// Nearly as far as can be, such that rows of a group have no example in common where the pool allows it.
function apart(places: readonly Place[], distinct: number, repeat: number): number {
  const furthest = Math.max(1, Math.floor(distinct / repeat));
  if (repeat === 1) return furthest;
  let best = { distance: furthest, differing: 0 };
  for (let less = 0; less < triedDistances && 2 * less < furthest; less++) {
    const distance = furthest - less;
    const differing = places.reduce((sum, place) => sum + differingRows(place, distance, repeat), 0);
    if (differing > best.differing) best = { distance, differing };
    if (differing === repeat * places.length) break;
  }
  return best.distance;
}

// Rows of a group with an example of their own at this place, in the group where they are fewest.
function differingRows({ every, size }: Place, distance: number, repeat: number): number {
  let fewest = repeat;
  for (let group = 0; group < every; group++) {
    const examples = Array.from({ length: repeat }, (_, row) => Math.floor((group + row * distance) / every) % size);
    fewest = Math.min(fewest, new Set(examples).size);
  }
  return fewest;
}

function lcm(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return Math.min(most, (a / x) * b);
}
