/** The layers of the teacher that a row may be contrasted with (DoLa), told for models of any depth. */
import type { Layers } from "./partners.js";
import { type Method, mostLayers } from "./schema.js";
import { layersPartner } from "./second-partner.js";

/**
 * The candidates of a method in a model of so many blocks, ascending; layer N is the state after N blocks. "low" and
 * "high" are the even layers of the lower and of the upper half, as in the paper. Layer 0, the embeddings, is none of
 * them: where the output matrix is that of the embeddings, it only repeats the row's last token.
 * @returns nothing for a method without layers, and where the model is too small to have some.
 */
export function layersOf(method: Method, blocks: number): readonly number[] {
  const partner = layersPartner(method);
  return partner === undefined ? [] : candidates(partner.layers, blocks);
}

/** {@link layersOf}, of layers as a task may say them. */
export function candidates(layers: Layers, blocks: number): readonly number[] {
  if (typeof layers !== "string") return layers.filter((layer) => layer < blocks);
  const even = Array.from({ length: Math.max(0, Math.ceil(blocks / 2) - 1) }, (_, i) => 2 * (i + 1));
  return even.filter((layer) => layer < blocks / 2 === (layers === "low")).slice(0, mostLayers);
}

/** What is wrong with the layers of a method for a model of so many blocks, and of which field; undefined where nothing is. */
export function layersIssue(method: Method, blocks: number): { path: string; message: string } | undefined {
  const partner = layersPartner(method);
  if (partner === undefined) return undefined;
  const message = candidatesIssue(partner.layers, blocks);
  const path = method.name === "dola" ? "method.layers" : "method.dola.layers";
  return message === undefined ? undefined : { path, message };
}

/** What is wrong with layers, as a task may say them, for a model of so many blocks; undefined where nothing is. */
export function candidatesIssue(layers: Layers, blocks: number): string | undefined {
  const wanted = blocks > 1 ? `layers 1 to ${blocks - 1} of this teacher, which has ${blocks} blocks` : "more blocks";
  const missing = typeof layers === "string" ? [] : layers.filter((layer) => layer >= blocks);
  if (layers.length > mostLayers) return `Expected at most ${mostLayers} layers, received ${layers.length}`;
  if (missing.length > 0) return `Expected ${wanted}, received ${missing.join(", ")}`;
  if (candidates(layers, blocks).length > 0) return undefined;
  return `Expected ${wanted}, received "${layers}", which comes to none: give the layers as numbers`;
}
