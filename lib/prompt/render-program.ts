/** What the process of a {@link TemplateRenderer} runs. */

/** What it is told: at first the template and where its renderer lies, then one set of variables after the other. */
export type RenderOrder =
  | { readonly jinja: string; readonly source: string; readonly limits: RenderLimits }
  | { readonly variables: Readonly<Record<string, unknown>> };

/** What it answers, once for each set of variables. `hopeless`: no other variables can help. */
export type RenderAnswer =
  | { readonly text: string }
  | { readonly failure: string; readonly reason: "raised" | "unreadable" | "slow" | "long" };

/** What the rendering of a template may cost. */
export interface RenderLimits {
  /** Milliseconds of all its renderings together. */
  readonly milliseconds: number;
  /** UTF-16 units of what it prints. */
  readonly length: number;
}

/**
 * The program, sent as its own text, so that it is the same from the sources and from the package: it knows nothing but
 * what is in it. It keeps its time itself, and so ends even when nobody is left to end it.
 */
export function renderProgram(load: (name: string) => unknown): void {
  const { performance } = load("node:perf_hooks") as typeof import("node:perf_hooks");
  const vm = load("node:vm") as typeof import("node:vm");
  let rendering: ((variables: object) => string) | undefined;
  let limits: RenderLimits = { milliseconds: 0, length: 0 };
  let left = 0;
  let answer: RenderAnswer | undefined; // the template cannot be read

  // Templates that print today's date get one fixed day, so that a seed gives the same prompts tomorrow. The renderer
  // declares its own strftime_now and refuses a second, but a template may assign to it.
  const fixedClock = "{% set strftime_now = fixed_date %}";
  const day: Record<string, string> = {
    d: "26",
    m: "07",
    b: "Jul",
    B: "July",
    Y: "2024",
    y: "24",
    a: "Fri",
    A: "Friday",
  };
  const fixedDate = (format: string) => format.replace(/%([a-zA-Z])/g, (_, field: string) => day[field] ?? "00");

  const messageOf = (error: unknown) => String((error as Error)?.message ?? error).slice(0, 500);
  const isLate = (error: unknown) => (error as { code?: string })?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";

  function timed<Result>(work: () => Result): Result {
    const start = performance.now();
    try {
      // ends the work of functions that the script calls, too
      (globalThis as { work?: () => Result }).work = work;
      return vm.runInThisContext("work()", { timeout: Math.max(1, Math.ceil(left)) }) as Result;
    } finally {
      left -= performance.now() - start;
    }
  }

  function attempt(work: () => string, reason: "raised" | "unreadable"): RenderAnswer {
    try {
      const text = timed(work);
      if (text.length <= limits.length) return { text };
      return { failure: `${text.length} characters`, reason: "long" };
    } catch (error) {
      return { failure: messageOf(error), reason: isLate(error) ? "slow" : reason };
    }
  }

  process.on("disconnect", () => process.exit()); // nobody is left to answer
  process.on("message", (order: RenderOrder) => {
    if ("source" in order) {
      limits = order.limits;
      left = limits.milliseconds;
      const { Template } = load(order.jinja) as typeof import("@huggingface/jinja");
      const read = attempt(() => {
        const template = new Template(fixedClock + order.source);
        rendering = (variables) => template.render({ ...variables, fixed_date: fixedDate });
        return "";
      }, "unreadable");
      answer = "text" in read ? undefined : read;
    } else {
      process.send?.(answer ?? attempt(() => rendering?.(order.variables) ?? "", "raised"));
    }
  });
}
