/** How many groups a quota will take, from the rows so far. */

/** Standard errors by which the share of good rows may turn out lower than it was seen. */
const caution = 2;

/**
 * Groups that give a label its number, more likely than not: exactly those needed when no row was lost, some more where that share
 * is known from few rows; Infinity where so far too few were good to tell.
 * @param wanted  instances.
 * @param good  of the rows of this label that were `made`, those that can be accepted; may be a fraction.
 * @param repeat  R, instances of a label per group.
 */
export function groupsFor(wanted: number, { good, made }: { good: number; made: number }, repeat: number): number {
  if (wanted === 0) return 0;
  const share = made === 0 ? 1 : good / made;
  const least = share - (made === 0 ? 0 : caution * Math.sqrt(Math.max(0, share * (1 - share)) / made));
  return least <= 0 ? Number.POSITIVE_INFINITY : Math.ceil(wanted / least / repeat);
}
