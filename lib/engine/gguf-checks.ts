/**
 * What metadata must say so that llama.cpp does not end the process: it asserts these where it should refuse the file.
 * Only what is asserted; whatever else is wrong it says itself.
 */
import { show } from "../checks/nearest.js";
import type { GgufHeader, GgufValue } from "./gguf-header.js";

/** LLAMA_MAX_LAYERS and LLAMA_MAX_EXPERTS of llama.cpp. */
const mostBlocks = 512;
const mostExperts = 1024;
/** Far above any model; the product of three such numbers is exact. */
const widest = 2 ** 17;

/** What is wrong with the metadata of a model, in words; undefined where nothing is. */
export function headerProblem({ values, twice }: GgufHeader): string | undefined {
  if (twice !== undefined) {
    const { token, first, second } = twice;
    return `its vocabulary has the token ${show(token)} twice, as numbers ${first} and ${second}`;
  }
  const architecture = String(values.get("general.architecture") ?? "");
  const get = (name: string) => values.get(`${architecture}.${name}`);
  const blocks = get("block_count");
  if (typeof blocks !== "number") return undefined; // an adapter, or what no architecture needs
  const experts = numberOr(get("expert_count"), 0);
  const width = numberOr(get("embedding_length"), 1);
  //             name, least, most
  const bounds: readonly (readonly [name: string, least: number, most: number])[] = [
    ["block_count", 1, mostBlocks],
    ["nextn_predict_layers", 0, blocks],
    ["embedding_length", 1, widest],
    ["context_length", 1, 2 ** 31 - 1],
    ["expert_count", 0, mostExperts],
    ["expert_used_count", experts > 0 ? 1 : 0, experts],
    ["expert_group_count", 0, Math.max(0, experts - 1)],
    ["attention.head_count", 0, width],
    ["attention.head_count_kv", 0, width],
    ["attention.key_length", 1, widest],
    ["attention.value_length", 1, widest],
    ["rope.dimension_count", 0, widest],
    ["attention.layer_norm_rms_epsilon", 0, 1],
    ["attention.layer_norm_epsilon", 0, 1],
  ];
  for (const [name, least, most] of bounds) {
    const found = listOf(get(name)).find((value) => !(value >= least && value <= most));
    if (found !== undefined) return `Expected "${architecture}.${name}" of ${least} to ${most}, received ${found}`;
  }
  return ratioProblem(architecture, get) ?? scalingProblem(architecture, get("rope.scaling.type"));
}

const numberOr = (value: GgufValue, otherwise: number) => (typeof value === "number" ? value : otherwise);

// A list has a number for each block.
function listOf(value: GgufValue): readonly number[] {
  if (typeof value === "number") return [value];
  return Array.isArray(value) ? (value as readonly number[]) : [];
}

type Get = (name: string) => GgufValue;

function ratioProblem(architecture: string, get: Get): string | undefined {
  const [heads, groups] = [get("attention.head_count"), get("attention.head_count_kv")];
  if (typeof heads === "number" && typeof groups === "number" && groups > 0 && heads % groups !== 0) {
    return `Expected "${architecture}.attention.head_count" (${heads}) as a multiple of head_count_kv (${groups})`;
  }
  const turned = get("rope.dimension_count");
  if (typeof turned === "number" && turned % 2 !== 0) {
    return `Expected an even "${architecture}.rope.dimension_count", received ${turned}`;
  }
  const [experts, sets] = [numberOr(get("expert_count"), 0), numberOr(get("expert_group_count"), 0)];
  if (sets > 1 && experts % sets !== 0) {
    return `Expected "${architecture}.expert_count" (${experts}) as a multiple of expert_group_count (${sets})`;
  }
  const used = numberOr(get("expert_group_used_count"), 0);
  if (sets > 1 && !(used > 0 && used < sets)) {
    return `Expected "${architecture}.expert_group_used_count" of 1 to ${sets - 1}, received ${used}`;
  }
  return undefined;
}

const scalings: readonly GgufValue[] = [undefined, "none", "linear", "yarn", "longrope"];

function scalingProblem(architecture: string, scaling: GgufValue): string | undefined {
  if (scalings.includes(scaling)) return undefined;
  const known = scalings.slice(1).map((name) => `"${String(name)}"`);
  return `Expected "${architecture}.rope.scaling.type" as one of ${known.join(", ")}, received ${show(scaling)}`;
}
