/**
 * A BERT with random weights, small enough to be worked out in float64 beside llama.cpp: the GGUF file, and what it must
 * come to.
 */
import { ggufFile } from "./gguf.js";
import { numbers, type Tensor } from "./random-weights.js";

const width = 32;
const heads = 2;
const layers = 2;
const hidden = 64;
const context = 64;
const epsilon = 1e-12;

/** Whole words in small letters; any other is [UNK]. Ids are positions. */
const vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].concat(
  "small grey bird tall green tree of hills".split(" "),
);
const ids = (text: string) => text.split(" ").map((word) => Math.max(1, vocabulary.indexOf(word)));
const [unknown, first, last] = [1, 2, 3];

const random = numbers(7);

function tensor(shape: readonly number[], spread: number, mean = 0): Tensor {
  const size = shape.reduce((product, n) => product * n);
  return { shape, values: Float32Array.from({ length: size }, () => mean + spread * random()) };
}

const linear = (name: string, from: number, to: number): [string, Tensor][] => [
  [`${name}.weight`, tensor([from, to], 0.4)],
  [`${name}.bias`, tensor([to], 0.1)],
];
const norm = (name: string): [string, Tensor][] => [
  [`${name}.weight`, tensor([width], 0.2, 1)],
  [`${name}.bias`, tensor([width], 0.1)],
];

/** By the names that llama.cpp gives them. */
const weights = new Map<string, Tensor>([
  ["token_embd.weight", tensor([width, vocabulary.length], 1)],
  ["token_types.weight", tensor([width, 2], 0.2)],
  ["position_embd.weight", tensor([width, context], 0.3)],
  ...norm("token_embd_norm"),
  ...Array.from({ length: layers }, (_, i) => [
    ...["attn_q", "attn_k", "attn_v", "attn_output"].flatMap((name) => linear(`blk.${i}.${name}`, width, width)),
    ...norm(`blk.${i}.attn_output_norm`),
    ...linear(`blk.${i}.ffn_up`, width, hidden),
    ...linear(`blk.${i}.ffn_down`, hidden, width),
    ...norm(`blk.${i}.layer_output_norm`),
  ]).flat(),
]);

/** @param pooling  llama.cpp's number: 1 mean, 2 first token, 3 last token, 4 a reranker; left out where undefined. */
export function bertFile(pooling?: number): Buffer {
  const uint32 = (value: number) => ({ uint32: value });
  const metadata = {
    "general.architecture": "bert",
    "general.name": "random bert",
    "bert.block_count": uint32(layers),
    "bert.context_length": uint32(context),
    "bert.embedding_length": uint32(width),
    "bert.feed_forward_length": uint32(hidden),
    "bert.attention.head_count": uint32(heads),
    "bert.attention.layer_norm_epsilon": { float32: epsilon },
    "bert.attention.causal": false,
    ...(pooling === undefined ? {} : { "bert.pooling_type": uint32(pooling) }),
    "tokenizer.ggml.model": "bert",
    "tokenizer.ggml.token_type_count": uint32(2),
    "tokenizer.ggml.tokens": vocabulary.map((word) => (word.startsWith("[") ? word : `▁${word}`)),
    "tokenizer.ggml.unknown_token_id": uint32(unknown),
    "tokenizer.ggml.bos_token_id": uint32(first),
    "tokenizer.ggml.cls_token_id": uint32(first),
    "tokenizer.ggml.seperator_token_id": uint32(last),
    "tokenizer.ggml.padding_token_id": uint32(0),
    "tokenizer.ggml.mask_token_id": uint32(4),
  };
  return ggufFile(metadata, weights);
}

/** The states of [CLS], the text's words and [SEP] after the last layer, in float64. */
export function bertStates(text: string): number[][] {
  const tokens = [first, ...ids(text), last];
  const row = (name: string, i: number) => [...weights.get(name)!.values.subarray(i * width, (i + 1) * width)];
  let states = tokens.map((token, position) => {
    const [word, type, place] = [
      row("token_embd.weight", token),
      row("token_types.weight", 0),
      row("position_embd.weight", position),
    ];
    return normed(
      "token_embd_norm",
      word.map((value, i) => value + type[i]! + place[i]!),
    );
  });
  for (let i = 0; i < layers; i++) {
    const attended = attention(i, states);
    states = states.map((state, t) => normed(`blk.${i}.attn_output_norm`, add(state, attended[t]!)));
    states = states.map((state) => {
      const inner = apply(`blk.${i}.ffn_up`, state).map(gelu);
      return normed(`blk.${i}.layer_output_norm`, add(state, apply(`blk.${i}.ffn_down`, inner)));
    });
  }
  return states;
}

const add = (a: readonly number[], b: readonly number[]) => a.map((value, i) => value + b[i]!);

function apply(name: string, input: readonly number[]): number[] {
  const { shape, values } = weights.get(`${name}.weight`)!;
  const bias = weights.get(`${name}.bias`)!.values;
  return Array.from(bias, (start, o) =>
    input.reduce((sum, value, i) => sum + value * values[o * shape[0]! + i]!, start),
  );
}

function normed(name: string, input: readonly number[]): number[] {
  const mean = input.reduce((a, b) => a + b) / input.length;
  const variance = input.reduce((sum, value) => sum + (value - mean) ** 2, 0) / input.length;
  const [scale, shift] = [weights.get(`${name}.weight`)!.values, weights.get(`${name}.bias`)!.values];
  return input.map((value, i) => ((value - mean) / Math.sqrt(variance + epsilon)) * scale[i]! + shift[i]!);
}

function gelu(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

function attention(layer: number, states: readonly (readonly number[])[]): number[][] {
  const size = width / heads;
  const [queries, keys, values] = ["attn_q", "attn_k", "attn_v"].map((name) =>
    states.map((state) => apply(`blk.${layer}.${name}`, state)),
  ) as [number[][], number[][], number[][]];
  return queries.map((query) => {
    const mixed = Array.from({ length: heads }, (_, head) => {
      const part = (vector: readonly number[]) => vector.slice(head * size, (head + 1) * size);
      const dots = keys.map((key) => part(key).reduce((sum, value, i) => sum + value * part(query)[i]!, 0));
      const likely = dots.map((dot) => Math.exp(dot / Math.sqrt(size)));
      const total = likely.reduce((a, b) => a + b);
      return Array.from({ length: size }, (_, i) =>
        values.reduce((sum, value, t) => sum + (likely[t]! / total) * part(value)[i]!, 0),
      );
    });
    return apply(`blk.${layer}.attn_output`, mixed.flat());
  });
}
