/** Devices that refuse, which the one at hand cannot be brought to without taking all its memory. */
import type { NativeEvent, NativeGeneration } from "../../../lib/engine/binding.js";
import { binding } from "../../../lib/engine/loaded-addon.js";

type Constructor = ReturnType<typeof binding>["Generation"];

/** Does something while the addon's generations are made by another constructor, which is given the addon's own. */
export async function withGenerations<Result>(
  make: (real: Constructor) => Constructor,
  action: () => Promise<Result>,
): Promise<Result> {
  const addon = binding();
  const { Generation: real } = addon;
  addon.Generation = make(real);
  try {
    return await action();
  } finally {
    addon.Generation = real;
  }
}

/** A device that has the memory for contexts of so many rows, and says so as the engine does. */
export function limitedTo(most: number): (real: Constructor) => Constructor {
  const nothing = () => {};
  const stillborn: NativeGeneration = {
    submit: nothing,
    decline: nothing,
    cancel: nothing,
    ref: nothing,
    unref: nothing,
  };
  return (real) =>
    function Limited(...[model, options, onEvent]: ConstructorParameters<Constructor>) {
      const { slots, stored } = options.context;
      if (slots + stored <= most) return new real(model, options, onEvent);
      const error = Object.assign(new Error(`no memory for ${slots + stored} rows`), { code: "OUT_OF_MEMORY" });
      setImmediate(() => onEvent({ type: "end", counters: {} as never, error } satisfies NativeEvent));
      return stillborn;
    } as unknown as Constructor;
}
