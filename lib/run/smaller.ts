/** What a run falls back to when the device refuses the memory that was reckoned with. */
import type { NativeGenerationOptions } from "../engine/binding.js";

/** Prompt tokens decoded together at least: below, their decoding gets slow and little memory is won. */
const LEAST_BATCH = 64;

/**
 * The next smaller context: half the groups down to one, then no rows that keep prompts, then half the batch.
 * @returns undefined when there is nothing smaller.
 */
export function smallerContext(options: NativeGenerationOptions): NativeGenerationOptions | undefined {
  const { context, shape } = options;
  const rows = shape.follows.length;
  const groups = Math.floor(context.slots / rows);
  if (groups > 1) return { ...options, context: { ...context, slots: Math.floor(groups / 2) * rows } };
  if (context.stored > 0) return { ...options, context: { ...context, stored: 0 } };
  const used = Math.min(context.batchSize, context.slotSize); // a row's prompt is decoded by itself
  const batchSize = Math.max(LEAST_BATCH, Math.floor(used / 2));
  return batchSize < context.batchSize ? { ...options, context: { ...context, batchSize } } : undefined;
}
