/** The layers of the teacher that DoLa may contrast a row with, told for models of any depth. */
import { type Method, mostLayers } from "./schema.js";

/**
 * The candidates of a method in a model of so many blocks, ascending; layer N is the state after N blocks. "low" and
 * "high" are the even layers of the lower and of the upper half, as in the paper. Layer 0, the embeddings, is none of
 * them: where the output matrix is that of the embeddings, it only repeats the row's last token.
 * @returns nothing for a method without layers, and where the model is too small to have some.
 */
export function layersOf(method: Method, blocks: number): readonly number[] {
  if (method.name !== "dola") return [];
  if (typeof method.layers !== "string") return method.layers.filter((layer) => layer < blocks);
  const even = Array.from({ length: Math.max(0, Math.ceil(blocks / 2) - 1) }, (_, i) => 2 * (i + 1));
  const isLow = method.layers === "low";
  return even.filter((layer) => layer < blocks / 2 === isLow).slice(0, mostLayers);
}

/** What is wrong with the layers of a method for a model of so many blocks; undefined where nothing is. */
export function layersIssue(method: Method, blocks: number): string | undefined {
  if (method.name !== "dola") return undefined;
  const { layers } = method;
  const wanted = blocks > 1 ? `layers 1 to ${blocks - 1} of this teacher, which has ${blocks} blocks` : "more blocks";
  const missing = typeof layers === "string" ? [] : layers.filter((layer) => layer >= blocks);
  if (missing.length > 0) return `Expected ${wanted}, received ${missing.join(", ")}`;
  if (layersOf(method, blocks).length > 0) return undefined;
  return `Expected ${wanted}, received "${layers}", which comes to none: give the layers as numbers`;
}
