// States that come faster than anyone reads: shown at most so often, and the last one in any case, also where no other
// comes for a while.
import type { Output } from "./terminal.js";

/** Values of `--progress`; "auto" is "bar" on a terminal and "plain" elsewhere. */
export const progressModes = ["auto", "bar", "plain", "json", "none"] as const;
export type ProgressMode = (typeof progressModes)[number];

/** How states are shown. */
export type ShownMode = Exclude<ProgressMode, "auto" | "none">;

// Milliseconds between two displays.
const intervals: Readonly<Record<ShownMode, number>> = { bar: 100, plain: 5000, json: 500 };

export interface Paced<State> {
  update(state: State): void;
  /** Shows the last state if it has not been. */
  flush(): void;
  /** Shows nothing more. */
  stop(): void;
}

/**
 * @param show  called with the states that are shown; never with mode "none".
 * @param now  milliseconds, monotonic.
 * @param isNews  whether a state may be shown at once; else it is shown when it still stands after an interval.
 */
export function paced<State>(
  mode: ProgressMode,
  output: Pick<Output, "isTty">,
  now: () => number,
  show: (state: State, mode: ShownMode) => void,
  isNews: (state: State, mode: ShownMode) => boolean = () => true,
): Paced<State> {
  const kind = mode === "auto" ? (output.isTty ? "bar" : "plain") : mode;
  if (kind === "none") return { update: () => undefined, flush: () => undefined, stop: () => undefined };
  let shown = Number.NEGATIVE_INFINITY;
  let waiting: { readonly state: State } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    waiting = undefined;
    clearTimeout(timer);
    timer = undefined;
  };
  const showNow = (state: State) => {
    stop();
    shown = now();
    show(state, kind);
  };
  return {
    update: (state) => {
      const isSoon = isNews(state, kind);
      const left = isSoon ? intervals[kind] - (now() - shown) : intervals[kind];
      if (left <= 0) return showNow(state);
      waiting = { state };
      timer ??= setTimeout(() => waiting && showNow(waiting.state), left).unref();
    },
    flush: () => {
      if (waiting) showNow(waiting.state);
    },
    stop,
  };
}
