/** The checks of a task that span several fields. Each runs when the fields that it reads are sound. */

import type { ConfigIssue } from "../errors.js";
import { groupShape, hasNoPartners, rowsPerLabel } from "../methods/coupling.js";
import { contextRows, labelSets } from "../methods/label-sets.js";
import { methodRepeat } from "../methods/methods.js";
import { contrastsAway, type Method } from "../methods/schema.js";
import { checkCount, checkLabels } from "./labels.js";
import { checkPrompt } from "./prompt-checks.js";
import type { ParsedSpec } from "./schema.js";

/** The sound fields of a task, and whether sources were given (sound or not). */
export type CheckedFields = Partial<ParsedSpec> & {
  readonly hasSeeds: boolean;
  readonly hasContexts: boolean;
};

/** Every contradiction between fields. */
export function checkSpec(fields: CheckedFields): ConfigIssue[] {
  const { labels, method, count, prompt, sampling, filters, engine } = fields;
  return [
    ...(labels ? checkLabels(labels) : []),
    ...(labels && method ? checkGroup(method, labels.length) : []),
    ...(labels && count !== undefined ? checkCount(count, labels) : []),
    ...(prompt ? checkPrompt({ ...fields, prompt }) : []),
    ...(sampling && method ? checkPlausibility(sampling, method) : []),
    ...(filters ? checkFilters(filters, sampling?.maxTokens) : []),
    ...(sampling ? checkWarmUp(sampling) : []),
    ...(sampling && engine ? checkRoom(sampling, engine) : []),
    ...(engine ? checkKvType(engine) : []),
  ];
}

function checkGroup(method: Method, nLabels: number): ConfigIssue[] {
  const repeat = methodRepeat(method);
  if (nLabels === 0) return [];
  const contrasting = method.name === "fewgen-matched" ? method.match : method;
  const path = contrasting === method ? "method" : "method.match";
  const { labels, own } = labelSets(method, nLabels);
  const rows = own * rowsPerLabel(method, labels);
  if (rows > contextRows) return [tooManyRows(contrasting, path, rows)];
  const nRows = nLabels * repeat;
  if (method.name === "matrix" && method.weights.length !== nRows) {
    const wanted = `Expected ${nRows} x ${nRows} weights (labels x "repeat" rows)`;
    return [{ path: "method.weights", message: `${wanted}, received ${method.weights.length} rows` }];
  }
  if (!hasNoPartners(groupShape(contrasting, labels, own))) return [];
  const message =
    `"${contrasting.name}" finds no row to contrast with, for ${labels} label${labels === 1 ? "" : "s"} ` +
    `${labels < nLabels ? "a group " : ""}and "repeat" ${repeat}: ${remedy(labels, repeat)}`;
  return [{ path, message }];
}

function tooManyRows(method: Exclude<Method, { name: "fewgen-matched" }>, path: string, rows: number): ConfigIssue {
  const given = method.name !== "matrix" && method.labelsPerGroup !== undefined;
  const [field, advice] = given ? ["labelsPerGroup", 'lower it or "repeat"'] : ["repeat", 'lower "repeat"'];
  const message = `Expected at most ${contextRows} rows in a group, received ${rows}, contrast rows included: ${advice}`;
  return { path: `${path}.${field}`, message };
}

function remedy(nLabels: number, repeat: number): string {
  if (nLabels > 1) return 'raise "repeat" to 2, or use "cross" or "fewgen"';
  return repeat > 1 ? 'add a label, or use "intra" or "fewgen"' : 'use "intra" with "repeat" 2, or "fewgen"';
}

function checkPlausibility({ plausibility }: ParsedSpec["sampling"], method: Method): ConfigIssue[] {
  if (plausibility > 0 || !contrastsAway(method)) return [];
  const message =
    "Expected more than 0 with a total contrast of gamma (delta 0), received 0: " +
    "nothing would keep improbable tokens out, so raise plausibility or delta";
  return [{ path: "sampling.plausibility", message }];
}

// What contradicts itself among the filters, and with the token limit where that is sound.
function checkFilters(filters: ParsedSpec["filters"], tokenLimit: number | undefined): ConfigIssue[] {
  const { minTokens, maxTokens, minWords, maxWords } = filters;
  const atMost = (path: string, least: number, most: number | undefined, name: string): ConfigIssue[] => {
    if (most === undefined || least <= most) return [];
    return [{ path: `filters.${path}`, message: `Expected at most ${name} (${most}), received ${least}` }];
  };
  return [
    ...atMost("minTokens", minTokens, maxTokens, "filters.maxTokens"),
    ...atMost("minTokens", minTokens, tokenLimit, "sampling.maxTokens"),
    ...atMost("minWords", minWords, maxWords, "filters.maxWords"),
  ];
}

// The norms of a row end with the first token that has no partner.
function checkWarmUp({ warmUp, contrastNorms }: ParsedSpec["sampling"]): ConfigIssue[] {
  if (warmUp === 0 || !contrastNorms) return [];
  return [{ path: "sampling.warmUp", message: `Expected 0 with sampling.contrastNorms, received ${warmUp}` }];
}

function checkRoom({ maxTokens }: ParsedSpec["sampling"], { contextSize }: ParsedSpec["engine"]): ConfigIssue[] {
  if (contextSize === undefined || maxTokens < contextSize) return [];
  const least = `Expected more than sampling.maxTokens (${maxTokens}), since the prompt needs room too`;
  return [{ path: "engine.contextSize", message: `${least}, received ${contextSize}` }];
}

function checkKvType({ kvType, flashAttention }: ParsedSpec["engine"]): ConfigIssue[] {
  if (!kvType.startsWith("q") || flashAttention !== false) return [];
  return [{ path: "engine.kvType", message: `Expected f32, f16 or bf16 without flash attention, received ${kvType}` }];
}
