// What the pages of docs/results/ are made of.

export function markdown(heads, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

/**
 * How far a point lies above a curve, in percentage points: bold where the interval leaves out 0, a dash off the curve.
 */
export function gainCell(found) {
  if (found === null) return "–";
  const sign = (value) => `${value < 0 ? "−" : "+"}${Math.abs(100 * value).toFixed(1)}`;
  if (found.interval === null) return sign(found.gain);
  const [low, high] = found.interval;
  const text = `${sign(found.gain)} (${sign(low)} … ${sign(high)})`;
  return low > 0 || high < 0 ? `**${text}**` : text;
}

/** For JSON.stringify: five digits are more than any of these numbers has. */
export function rounded(_, value) {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}
