// Minimisation of smooth convex functions: L-BFGS (Liu & Nocedal 1989) with a backtracking line search.

/** Writes the gradient at x and returns the value there. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

/** When to stop, and who watches. */
export interface MinimiseOptions {
  /** The largest part of the gradient at which x is the minimum, above 0. */
  readonly tolerance: number;
  /** Most steps, an integer from 1. */
  readonly maxSteps: number;
  /** Called before each step with its number. */
  readonly onStep?: (step: number) => void;
}

/** A step taken: the change of x and of the gradient, and 1 over their product. */
interface Memory {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

const remembered = 10;

/** The minimum of the objective, from `start`; the same for the same start. */
export function minimise(objective: Objective, start: Float64Array, options: MinimiseOptions): Float64Array {
  let x = start.slice();
  let gradient = new Float64Array(x.length);
  let value = objective(x, gradient);
  const memory: Memory[] = [];
  for (let step = 0; step < options.maxSteps && largestPart(gradient) > options.tolerance; step++) {
    options.onStep?.(step);
    const direction = descent(gradient, memory);
    const slope = product(direction, gradient);
    // without a memory the first step has no scale: it is a short one
    let length = memory.length === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    const next = new Float64Array(x.length);
    const nextGradient = new Float64Array(x.length);
    let nextValue: number;
    for (;;) {
      for (let i = 0; i < x.length; i++) next[i] = x[i]! + length * direction[i]!;
      nextValue = objective(next, nextGradient);
      if (nextValue <= value + 1e-4 * length * slope) break; // Armijo
      length /= 2;
      if (length < 1e-12) return x; // as low as rounding lets see
    }
    const s = next.map((own, i) => own - x[i]!);
    const y = nextGradient.map((own, i) => own - gradient[i]!);
    const curvature = product(s, y);
    if (curvature > 0) memory.push({ s, y, rho: 1 / curvature });
    if (memory.length > remembered) memory.shift();
    [x, gradient, value] = [next, nextGradient, nextValue];
  }
  return x;
}

// −H g, with H what the remembered steps say of the inverse Hessian (the two loops).
function descent(gradient: Float64Array, memory: readonly Memory[]): Float64Array {
  const direction = gradient.map((part) => -part);
  const alphas: number[] = [];
  for (let m = memory.length - 1; m >= 0; m--) {
    const { s, y, rho } = memory[m]!;
    alphas[m] = rho * product(s, direction);
    add(direction, y, -alphas[m]!);
  }
  const last = memory.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.rho * product(last.y, last.y));
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  }
  for (const [m, { s, y, rho }] of memory.entries()) add(direction, s, alphas[m]! - rho * product(y, direction));
  return direction;
}

function add(to: Float64Array, vector: Float64Array, times: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += times * vector[i]!;
}

function product(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}

function largestPart(vector: Float64Array): number {
  let found = 0;
  for (let i = 0; i < vector.length; i++) found = Math.max(found, Math.abs(vector[i]!));
  return found;
}
