/** Examples of people and of a model in one prompt: those of the model are at most half of it. */
import type { RandomStream } from "../random.js";
import { drawExamples } from "./draw.js";
import type { Seed } from "./seeds.js";

/** What marks an example as a model's: as `exportRun` marks rows beside seeds. */
export const synthetic = { origin: "synthetic" } as const;

/** What there is to draw from, by place in the pool. */
export interface Mix {
  readonly human: readonly number[];
  readonly made: readonly number[];
}

/** Parts a pool, which is looked through once, and not for each prompt. */
export function mixOf(pool: readonly Pick<Seed, "fields">[]): Mix {
  const isMade = ({ fields }: Pick<Seed, "fields">) => fields.origin === synthetic.origin;
  const places = [...pool.keys()];
  return { human: places.filter((i) => !isMade(pool[i]!)), made: places.filter((i) => isMade(pool[i]!)) };
}

/** Examples of people and of the model in a prompt; of a pool that is all the model's, all are its. */
export function shares({ human, made }: Mix, shots: number): [human: number, made: number] {
  if (human.length === 0) return [0, Math.min(shots, made.length)];
  const ofMade = Math.min(Math.floor(shots / 2), made.length, human.length);
  return [Math.min(shots - ofMade, human.length), ofMade];
}

/** Examples that a prompt has of a pool. */
export function examplesPerPrompt(mix: Mix, shots: number): number {
  const [human, made] = shares(mix, shots);
  return human + made;
}

/**
 * As {@link drawExamples}, of a pool in which some are marked as a model's: these are at most half of a row's, half the
 * shots where there are as many, and stand among the others in random order.
 */
export function drawMixed(stream: RandomStream, mix: Mix, shots: number, repeat: number): number[][] {
  const { length: people } = mix.human;
  const { length: models } = mix.made;
  if (people === 0 || models === 0) return drawExamples(stream, people + models, shots, repeat);
  const [ofHuman, ofMade] = shares(mix, shots);
  const human = drawExamples(stream, people, ofHuman, repeat);
  const made = drawExamples(stream, models, ofMade, repeat);
  return human.map((own, r) => {
    const both = [...own.map((i) => mix.human[i]!), ...made[r]!.map((i) => mix.made[i]!)];
    return stream.sample(both.length, both.length).map((i) => both[i]!);
  });
}
