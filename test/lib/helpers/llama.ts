/**
 * A Llama with random weights, small enough to be worked out in float64 beside llama.cpp: the GGUF file, and the
 * probabilities that it must come to.
 */
import { ggufFile } from "./gguf.js";
import { numbers, type Tensor } from "./random-weights.js";

const width = 32;
const heads = 2;
const hidden = 48;
const context = 256;
const epsilon = 1e-5;
const size = width / heads;

/** Each letter is a token; "Ġ" is the blank. Ids are positions. */
const vocabulary = [..."abcdefghijklmnopqrstuvwxyz.,:Ġ", "ab"];

/** Of a text of small letters, blanks and ".,:" without "ab". */
export const idsOf = (text: string) => [...text].map((letter) => vocabulary.indexOf(letter === " " ? "Ġ" : letter));

/** The text of such ids. */
export const textOf = (ids: readonly number[]) => ids.map((id) => vocabulary[id]!.replace("Ġ", " ")).join("");

/** The last token, "ab", ends a text. */
export const endId = vocabulary.length - 1;

/** A model, other for every seed. */
export class RandomLlama {
  readonly #weights: ReadonlyMap<string, Tensor>;

  /** @param blocks  of which each has weights of its own. */
  constructor(
    seed: number,
    readonly blocks = 2,
  ) {
    const random = numbers(seed);
    const tensor = (shape: readonly number[], spread: number, mean = 0): Tensor => {
      const length = shape.reduce((product, n) => product * n);
      return { shape, values: Float32Array.from({ length }, () => mean + spread * random()) };
    };
    this.#weights = new Map<string, Tensor>([
      ["token_embd.weight", tensor([width, vocabulary.length], 1)],
      ["output_norm.weight", tensor([width], 0.2, 1)],
      ["output.weight", tensor([width, vocabulary.length], 0.5)],
      ...Array.from({ length: blocks }, (_, i): [string, Tensor][] => [
        [`blk.${i}.attn_norm.weight`, tensor([width], 0.2, 1)],
        ...["attn_q", "attn_k", "attn_v", "attn_output"].map((name): [string, Tensor] => [
          `blk.${i}.${name}.weight`,
          tensor([width, width], 0.4),
        ]),
        [`blk.${i}.ffn_norm.weight`, tensor([width], 0.2, 1)],
        [`blk.${i}.ffn_gate.weight`, tensor([width, hidden], 0.4)],
        [`blk.${i}.ffn_up.weight`, tensor([width, hidden], 0.4)],
        [`blk.${i}.ffn_down.weight`, tensor([hidden, width], 0.4)],
      ]).flat(),
    ]);
  }

  /** From now on the letter's logit is NaN, and so are all probabilities. */
  breakLetter(letter: string): this {
    const { values } = this.#weights.get("output.weight")!;
    values.fill(Number.NaN, width * vocabulary.indexOf(letter), width * (vocabulary.indexOf(letter) + 1));
    return this;
  }

  file(): Buffer {
    const uint32 = (value: number) => ({ uint32: value });
    const metadata = {
      "general.architecture": "llama",
      "general.name": "random llama",
      "llama.block_count": uint32(this.blocks),
      "llama.context_length": uint32(context),
      "llama.embedding_length": uint32(width),
      "llama.feed_forward_length": uint32(hidden),
      "llama.attention.head_count": uint32(heads),
      "llama.attention.layer_norm_rms_epsilon": { float32: epsilon },
      "llama.rope.dimension_count": uint32(size),
      "tokenizer.ggml.model": "gpt2",
      "tokenizer.ggml.pre": "gpt-2",
      "tokenizer.ggml.tokens": vocabulary,
      "tokenizer.ggml.merges": ["a b"],
      "tokenizer.ggml.eos_token_id": uint32(vocabulary.length - 1),
      "tokenizer.ggml.add_bos_token": false,
    };
    return ggufFile(metadata, this.#weights);
  }

  /** ln P of each token after those before it, in float64; the first has none. */
  logProbabilities(tokens: readonly number[]): number[] {
    const all = this.distributions(tokens);
    return tokens.slice(1).map((token, t) => all[t]![token]!);
  }

  /** ln P of every token after each of these, in float64, as the model has it after so many blocks: default all. */
  distributions(tokens: readonly number[], blocks = this.blocks): number[][] {
    let states = tokens.map((token) => this.#row("token_embd.weight", token));
    for (let i = 0; i < blocks; i++) {
      const attended = this.#attention(
        i,
        states.map((state) => this.#normed(`blk.${i}.attn_norm`, state)),
      );
      states = states.map((state, t) => add(state, attended[t]!));
      states = states.map((state) => {
        const input = this.#normed(`blk.${i}.ffn_norm`, state);
        const up = this.#apply(`blk.${i}.ffn_up`, input);
        const gated = this.#apply(`blk.${i}.ffn_gate`, input).map((x, j) => (x / (1 + Math.exp(-x))) * up[j]!);
        return add(state, this.#apply(`blk.${i}.ffn_down`, gated));
      });
    }
    return states.map((state) => {
      const logits = this.#apply("output", this.#normed("output_norm", state));
      const partition = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
      return logits.map((logit) => logit - partition);
    });
  }

  #row(name: string, i: number): number[] {
    return [...this.#weights.get(name)!.values.subarray(i * width, (i + 1) * width)];
  }

  #apply(name: string, input: readonly number[]): number[] {
    const { shape, values } = this.#weights.get(`${name}.weight`)!;
    const [from, to] = shape as [number, number];
    return Array.from({ length: to }, (_, o) => input.reduce((sum, x, i) => sum + x * values[o * from + i]!, 0));
  }

  #normed(name: string, input: readonly number[]): number[] {
    const scale = this.#weights.get(`${name}.weight`)!.values;
    const square = input.reduce((sum, x) => sum + x * x, 0) / input.length;
    return input.map((x, i) => (x / Math.sqrt(square + epsilon)) * scale[i]!);
  }

  #attention(layer: number, states: readonly (readonly number[])[]): number[][] {
    const project = (name: string) => states.map((state) => this.#apply(`blk.${layer}.${name}`, state));
    const queries = project("attn_q").map(turned);
    const keys = project("attn_k").map(turned);
    const values = project("attn_v");
    return queries.map((query, t) => {
      const mixed = Array.from({ length: heads }, (_, head) => {
        const part = (vector: readonly number[]) => vector.slice(head * size, (head + 1) * size);
        const seen = keys.slice(0, t + 1);
        const likely = seen.map((key) => Math.exp(dot(part(key), part(query)) / Math.sqrt(size)));
        const total = likely.reduce((a, b) => a + b);
        return Array.from({ length: size }, (_, i) =>
          likely.reduce((sum, weight, s) => sum + (weight / total) * part(values[s]!)[i]!, 0),
        );
      });
      return this.#apply(`blk.${layer}.attn_output`, mixed.flat());
    });
  }
}

const add = (a: readonly number[], b: readonly number[]) => a.map((x, i) => x + b[i]!);
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** Rotary position: each pair of neighbours turns by position · 10000^(−2i/d). */
function turned(vector: readonly number[], position: number): number[] {
  return vector.map((x, i) => {
    const pair = Math.floor((i % size) / 2);
    const angle = position * 10_000 ** ((-2 * pair) / size);
    return i % 2 === 0
      ? x * Math.cos(angle) - vector[i + 1]! * Math.sin(angle)
      : x * Math.cos(angle) + vector[i - 1]! * Math.sin(angle);
  });
}
