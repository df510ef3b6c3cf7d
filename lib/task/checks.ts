/** The checks of a task that span several fields. Each runs when the fields that it reads are sound. */

import type { ConfigIssue } from "../errors.js";
import { groupShape, hasNoPartners, rowsPerLabel } from "../methods/coupling.js";
import { contextRows, labelSets } from "../methods/label-sets.js";
import { methodRepeat } from "../methods/methods.js";
import type { Method } from "../methods/schema.js";
import { contrastsAway } from "../methods/totals.js";
import { checkAttributeLabels } from "./attributes.js";
import type { LabelCheckSpec } from "./label-check.js";
import { checkCount, checkLabels } from "./labels.js";
import { checkPrompt } from "./prompt-checks.js";
import type { ParsedSpec } from "./schema.js";
import { checkSecondModel } from "./second-model-checks.js";
import { parseTemplate, placeholders } from "./template.js";

/** The sound fields of a task, and whether sources were given (sound or not). */
export type CheckedFields = Partial<ParsedSpec> & {
  readonly hasSeeds: boolean;
  readonly hasContexts: boolean;
};

/** Every contradiction between fields. */
export function checkSpec(fields: CheckedFields): ConfigIssue[] {
  const { labels, method, count, prompt, sampling, filters, check, engine } = fields;
  return [
    ...(labels ? checkLabels(labels) : []),
    ...(labels && method ? checkGroup(method, labels.length) : []),
    ...(labels && count !== undefined ? checkCount(count, labels) : []),
    ...(labels && fields.attributes ? checkAttributeLabels(fields.attributes, labels) : []),
    ...(prompt ? checkPrompt({ ...fields, prompt }) : []),
    ...(method ? checkSecondModel({ ...fields, method }) : []),
    ...(sampling && method ? checkPlausibility(sampling, method) : []),
    ...(check && labels && prompt ? checkCheck(check, { ...fields, labels, prompt }) : []),
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
  if (plausibility !== 0 || !contrastsAway(method)) return [];
  const message =
    "Expected more than 0 with a total contrast of gamma (delta 0), received 0: " +
    "nothing would keep improbable tokens out, so raise plausibility or delta";
  return [{ path: "sampling.plausibility", message }];
}

// What contradicts itself among the filters, and with the token limit where that is sound.
function checkFilters(filters: ParsedSpec["filters"], tokenLimit: number | undefined): ConfigIssue[] {
  const { minTokens, maxTokens, minWords, maxWords, accept, acceptGroup } = filters;
  const atMost = (path: string, least: number, most: number | undefined, name: string): ConfigIssue[] => {
    if (most === undefined || least <= most) return [];
    return [{ path: `filters.${path}`, message: `Expected at most ${name} (${most}), received ${least}` }];
  };
  const both =
    accept !== undefined && acceptGroup !== undefined
      ? [{ path: "filters.acceptGroup", message: "Expected either this or filters.accept, received both" }]
      : [];
  return [
    ...both,
    ...atMost("minTokens", minTokens, maxTokens, "filters.maxTokens"),
    ...atMost("minTokens", minTokens, tokenLimit, "sampling.maxTokens"),
    ...atMost("minWords", minWords, maxWords, "filters.maxWords"),
  ];
}

// Whether there is something to tell the labels apart by.
function checkCheck(
  check: LabelCheckSpec,
  { labels, prompt, hasSeeds }: CheckedFields & Required<Pick<ParsedSpec, "labels" | "prompt">>,
): ConfigIssue[] {
  if (labels.length === 1) {
    return [{ path: "check", message: "Expected at least 2 labels to tell apart, received 1: leave the check out" }];
  }
  if (check.by === "student" && !hasSeeds) {
    return [
      { path: "check", message: "Expected seeds for the student to learn from: give a path, or use the teacher" },
    ];
  }
  if (check.by === "student" || check.form === "direct" || prompt.shots > 0) return [];
  const texts = [prompt.instruction, prompt.answer, prompt.system ?? ""].map(parseTemplate);
  if (texts.some(({ segments }) => placeholders(segments).includes("label"))) return [];
  const message =
    'Expected {label} or examples in the prompt, since form "channel" compares the prompts of the labels, and here they ' +
    'are equal: name the label, or use form "direct"';
  return [{ path: "check.form", message }];
}

// The norms of a row end with the first token that has no partner.
function checkWarmUp({ warmUp, contrastTokens, contrastNorms }: ParsedSpec["sampling"]): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  if (warmUp > 0 && contrastNorms) {
    issues.push({ path: "sampling.warmUp", message: `Expected 0 with sampling.contrastNorms, received ${warmUp}` });
  }
  if (contrastTokens <= warmUp) {
    const message = `Expected more than sampling.warmUp, which is ${warmUp}, received ${contrastTokens}: no token would be contrasted`;
    issues.push({ path: "sampling.contrastTokens", message });
  }
  return issues;
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
