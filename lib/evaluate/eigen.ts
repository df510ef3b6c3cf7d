// Eigenvalues and eigenvectors of a symmetric matrix, without standing in the way of everything else.
import { createRequire } from "node:module";
import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { EigenvalueDecomposition, type Matrix } from "ml-matrix";
import type { Pace } from "./pace.js";

/** Values in no particular order; `vectors[c]` is the eigenvector of `values[c]`, of length 1. */
export interface Eigen {
  readonly values: readonly number[];
  readonly vectors: readonly (readonly number[])[];
}

const inPlaceUpTo = 96; // a dozen milliseconds; it is cubic, in one piece, 0.1 s at a side of 192 and 3 s at 768

/** The decomposition, on a thread of its own where it takes long. */
export async function symmetricEigen(matrix: Matrix, pace: Pace): Promise<Eigen> {
  await pace(0);
  if (matrix.rows > inPlaceUpTo) return onThread(matrix, pace);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return { values: realEigenvalues, vectors: eigenvectorMatrix.transpose().to2DArray() };
}

// Given as a text, since the same module is TypeScript in the sources and JavaScript in the package.
const program = `
const { parentPort, workerData: { library, rows } } = require("node:worker_threads");
const { EigenvalueDecomposition, Matrix } = require(library);
const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(rows), { assumeSymmetric: true });
parentPort.postMessage({ values: realEigenvalues, vectors: eigenvectorMatrix.transpose().to2DArray() });
`;

async function onThread(matrix: Matrix, pace: Pace): Promise<Eigen> {
  const library = createRequire(import.meta.url).resolve("ml-matrix");
  const worker = new Worker(program, { eval: true, execArgv: [], workerData: { library, rows: matrix.to2DArray() } });
  const found = new Promise<Eigen>((resolve, reject) => {
    worker.once("message", resolve).once("error", reject);
    worker.once("exit", (code) => reject(new Error(`The thread of the eigen-decomposition ended with code ${code}`)));
  });
  try {
    for (;;) {
      const eigen = await Promise.race([found, setTimeout(50, null)]);
      if (eigen !== null) return eigen;
      await pace(0);
    }
  } finally {
    found.catch(() => undefined); // an abort ends the thread before it has an answer
    await worker.terminate();
  }
}
