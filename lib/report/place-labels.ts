// Where the labels of points go, so that none covers another, a point or, where there is room, a line.
import { least } from "../numbers/extremes.js";

/** A point and what is to be written beside it; pixels, y downwards. */
export interface LabelledPoint {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** A rectangle; x and y are its centre. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A straight line from one point to another. */
export type Segment = readonly [x1: number, y1: number, x2: number, y2: number];

type Candidate = Box & { readonly gap: number };

const [letter, height] = [5.6, 10]; // of a 10 px font, about
const directions = [
  [1, -1],
  [1, 0],
  [-1, -1],
  [-1, 0],
  [0, -1],
  [0, 1],
  [1, 1],
  [-1, 1],
] as const;

/**
 * The boxes of the labels, one for each point.
 * @param size  of the plot, which no label leaves; it has room for the longest label.
 * @param lines  that labels should not cross.
 */
export function placeLabels(
  points: readonly LabelledPoint[],
  size: Pick<Box, "width" | "height">,
  lines: readonly Segment[] = [],
): Box[] {
  const candidates = points.map((point) => boxesAround(point).filter((box) => isInside(box, size)));
  const crowd = points.map((a) => points.filter((b) => Math.hypot(a.x - b.x, a.y - b.y) < 40).length);
  const order = [...points.keys()].sort((a, b) => crowd[b]! - crowd[a]! || a - b);
  const placed = new Map<number, Box>();
  // The first to come have taken places by guess: once all stand, each looks again.
  for (let round = 0; round < 4; round++) {
    for (const i of order) {
      const costs = candidates[i]!.map((box) => costOf(box, i, { points, placed, lines }));
      placed.set(i, candidates[i]![costs.indexOf(least(costs))]!);
    }
  }
  return points.map((_, i) => placed.get(i)!);
}

// Nearest first.
function boxesAround({ x, y, text }: LabelledPoint): Candidate[] {
  const width = letter * text.length;
  return [5, 9, 15, 22, 30].flatMap((gap) =>
    directions.map(([dx, dy]) => {
      const reach = dx !== 0 && dy !== 0 ? 0.6 * gap : gap; // a corner is farther than a side
      return { x: x + dx * (reach + width / 2), y: y + dy * (reach + height / 2), width, height, gap };
    }),
  );
}

interface Around {
  readonly points: readonly LabelledPoint[];
  readonly placed: ReadonlyMap<number, Box>;
  readonly lines: readonly Segment[];
}

function costOf(box: Candidate, i: number, { points, placed, lines }: Around): number {
  let cost = box.gap / 5;
  for (const [j, other] of placed) if (j !== i && overlap(box, other)) cost += 1000;
  for (const [j, { x, y }] of points.entries()) if (j !== i && overlap(box, { x, y, width: 8, height: 8 })) cost += 100;
  for (const line of lines) if (crosses(box, line)) cost += 3;
  return cost;
}

/** Whether two boxes have a point in common. */
export function overlap(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2;
}

function isInside({ x, y, width, height }: Box, size: Pick<Box, "width" | "height">): boolean {
  return x > width / 2 && x < size.width - width / 2 && y > height / 2 && y < size.height - height / 2;
}

// Some point of the line, looked at every few pixels, lies in the box.
function crosses({ x, y, width, height }: Box, [x1, y1, x2, y2]: Segment): boolean {
  const steps = Math.ceil(Math.hypot(x2 - x1, y2 - y1) / 3);
  for (let s = 0; s <= steps; s++) {
    const share = steps === 0 ? 0 : s / steps;
    const [px, py] = [x1 + share * (x2 - x1), y1 + share * (y2 - y1)];
    if (Math.abs(px - x) < width / 2 && Math.abs(py - y) < height / 2) return true;
  }
  return false;
}
