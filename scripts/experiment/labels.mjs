// Where the labels of points go, so that none covers another, a point or, where there is room, a line.

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
];

/**
 * @param points  { x, y, text } in pixels, y downwards.
 * @param size  { width, height } of the plot, which no label leaves.
 * @param lines  [x1, y1, x2, y2] that labels should not cross.
 * @returns for each point the { x, y, width, height } of its label's box, x and y of its centre.
 */
export function placeLabels(points, size, lines = []) {
  const candidates = points.map((point) => boxesAround(point).filter((box) => isInside(box, size)));
  const crowd = points.map((a) => points.filter((b) => Math.hypot(a.x - b.x, a.y - b.y) < 40).length);
  const order = [...points.keys()].sort((a, b) => crowd[b] - crowd[a] || a - b);
  const placed = new Map();
  // The first to come have taken places by guess: once all stand, each looks again.
  for (let round = 0; round < 4; round++) {
    for (const i of order) {
      const cost = (box) => costOf(box, { i, points, placed, lines });
      const costs = candidates[i].map(cost);
      placed.set(i, candidates[i][costs.indexOf(Math.min(...costs))]);
    }
  }
  return points.map((_, i) => placed.get(i));
}

// Nearest first.
function boxesAround({ x, y, text }) {
  const width = letter * text.length;
  return [5, 9, 15, 22, 30].flatMap((gap) =>
    directions.map(([dx, dy]) => {
      const reach = dx !== 0 && dy !== 0 ? 0.6 * gap : gap; // a corner is farther than a side
      return { x: x + dx * (reach + width / 2), y: y + dy * (reach + height / 2), width, height, gap };
    }),
  );
}

function costOf(box, { i, points, placed, lines }) {
  let cost = box.gap / 5;
  for (const [j, other] of placed) if (j !== i && overlap(box, other)) cost += 1000;
  for (const [j, { x, y }] of points.entries()) if (j !== i && overlap(box, { x, y, width: 8, height: 8 })) cost += 100;
  for (const line of lines) if (crosses(box, line)) cost += 3;
  return cost;
}

export function overlap(a, b) {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2;
}

function isInside({ x, y, width, height }, size) {
  return x > width / 2 && x < size.width - width / 2 && y > height / 2 && y < size.height - height / 2;
}

// Some point of the line, looked at every few pixels, lies in the box.
function crosses({ x, y, width, height }, [x1, y1, x2, y2]) {
  const steps = Math.ceil(Math.hypot(x2 - x1, y2 - y1) / 3);
  for (let s = 0; s <= steps; s++) {
    const share = steps === 0 ? 0 : s / steps;
    const [px, py] = [x1 + share * (x2 - x1), y1 + share * (y2 - y1)];
    if (Math.abs(px - x) < width / 2 && Math.abs(py - y) < height / 2) return true;
  }
  return false;
}
