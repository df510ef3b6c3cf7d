// The figures of an evaluation that come from the proxy student.
import { dataMap } from "./cartography.js";
import type { CartographyFigures, StudentFigures } from "./evaluation.js";
import { missing, type OrMissing } from "./missing.js";
import { type ProxyStudent, proxyStudentName } from "./student.js";

/** How well the student does; missing where there is one label only. */
export function studentFigures(student: ProxyStudent, trainRows: number, testRows: number): OrMissing<StudentFigures> {
  if (student.accuracy === null) return missing(student.reason);
  const { dynamics: _, ...figures } = student;
  if (figures.labels.length < 2) return missing("there is one label only, and nothing to tell apart");
  return { value: { student: proxyStudentName, trainRows, testRows, ...figures } };
}

/** The data map of its training rows. */
export function cartographyFigures(student: ProxyStudent, n: number): OrMissing<CartographyFigures> {
  if (student.accuracy === null) return missing(student.reason);
  const { confidence, variability, correctness } = dataMap(student.dynamics);
  return {
    value: {
      student: proxyStudentName,
      n,
      confidence: [...confidence],
      variability: [...variability],
      correctness: [...correctness],
    },
  };
}
