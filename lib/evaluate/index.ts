// corrsynth/evaluate: one function per metric, pure, usable on any texts. Scores are on 0..1.
export { distinctN } from "./distinct-n.js";
export type { Token } from "./ngrams.js";
export { type SelfBleu, selfBleu } from "./self-bleu.js";
export { tokenize, tokenizerName } from "./tokenize.js";
