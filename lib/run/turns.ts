/** How many groups a task comes to, also where its labels take turns in them. */
import { groupsUntil, labelSets, labelSpan } from "../methods/label-sets.js";
import { methodRepeat } from "../methods/methods.js";
import { sum } from "../numbers/sum.js";
import type { ResolvedSpec } from "../task/spec.js";

/** Groups of a run. */
export interface RunGroups {
  /** Groups that fill the quota when every instance is accepted. */
  readonly groupsNeeded: number;
  /**
   * Groups that have all labels, or those whose turn it is; those after them have the labels that lack instances. Infinity
   * where a group must depend on its number alone, so that shards and queues make the same.
   */
  readonly wholeGroups: number;
}

/**
 * Where labels take turns they do so as long as all of them are wanted; after that groups are made of those that still
 * are, as many of them as a group has.
 */
export function groupsOf(spec: ResolvedSpec): RunGroups {
  const { count, method, labels, engine } = spec;
  const each = count.map((wanted) => Math.ceil(wanted / methodRepeat(method)));
  const most = Math.max(...each);
  if (engine.reproducible) return { groupsNeeded: groupsUntil(most, spec), wholeGroups: Number.POSITIVE_INFINITY };
  const { own, groups } = labelSets(method, labels.length);
  if (groups === 1) return { groupsNeeded: most, wholeGroups: most };
  const least = Math.min(...each);
  const turns = least - (least % labelSpan(engine));
  const wholeGroups = turns * groups;
  const rest = each.map((wanted) => wanted - turns);
  return { groupsNeeded: wholeGroups + Math.max(...rest, Math.ceil(sum(rest) / own)), wholeGroups };
}
