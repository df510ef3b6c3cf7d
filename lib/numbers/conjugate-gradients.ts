// Linear systems with a symmetric positive definite matrix that is known by its products alone (Hestenes & Stiefel 1952).

/** Writes the matrix times `x` to `out`. */
export type Product = (x: Float64Array, out: Float64Array) => void;

/**
 * The x for which the matrix times x is `b`, from 0 on.
 * @param options.tolerance  length of what is missing, as a share of that of `b`, at which x is good enough; above 0.
 * @param options.maxSteps  most steps, each a product; an integer from 1.
 */
export function conjugateGradients(
  product: Product,
  b: Float64Array,
  { tolerance, maxSteps }: { readonly tolerance: number; readonly maxSteps: number },
): Float64Array {
  const x = new Float64Array(b.length);
  const residual = b.slice();
  const direction = b.slice();
  const image = new Float64Array(b.length);
  let squared = squareOf(residual);
  const enough = tolerance ** 2 * squared;
  for (let step = 0; step < maxSteps && squared > enough; step++) {
    product(direction, image);
    let curvature = 0;
    for (let i = 0; i < b.length; i++) curvature += direction[i]! * image[i]!;
    const length = squared / curvature;
    for (let i = 0; i < b.length; i++) {
      x[i]! += length * direction[i]!;
      residual[i]! -= length * image[i]!;
    }
    const next = squareOf(residual);
    for (let i = 0; i < b.length; i++) direction[i] = residual[i]! + (next / squared) * direction[i]!;
    squared = next;
  }
  return x;
}

function squareOf(vector: Float64Array): number {
  let total = 0;
  for (const part of vector) total += part * part;
  return total;
}
