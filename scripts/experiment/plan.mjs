// What is run: the methods of the table and the settings of the frontier, each with the sampling that it changes.
import { cfg, cross, fewgen, fewgenMatched, hybrid, intra } from "../../dist/index.js";

const key = (method, sampling = {}) => {
  const { name, match, ...options } = method;
  const parts = Object.entries({ ...match, ...options, ...sampling }).map(([field, value]) => `${field}-${value}`);
  return [name, ...parts].join("_").replaceAll("name-", "");
};

/**
 * What one run is made with.
 * @param sampling  what differs from the demo task's.
 * @param prompt  as `sampling`; left out of the setting where nothing differs.
 */
export function setting(title, method, sampling = {}, prompt) {
  return { title, key: key(method, { ...sampling, ...prompt }), method, sampling, ...(prompt && { prompt }) };
}

/** Table 2 of the paper, in its order, with the matched controls behind FewGen. */
export const table = [
  setting("FewGen", fewgen({ repeat: 2 })),
  setting("FewGen matched to Intra", fewgenMatched({ match: intra() })),
  setting("FewGen matched to Cross", fewgenMatched({ match: cross() })),
  setting("FewGen matched to Hybrid", fewgenMatched({ match: hybrid() })),
  setting("CFG-Intra", cfg({ kind: "intra" })),
  setting("CFG-Cross", cfg({ kind: "cross" })),
  setting("CFG-Hybrid", cfg({ kind: "hybrid" })),
  setting("CorrSynth-Intra", intra()),
  setting("CorrSynth-Cross", cross()),
  setting("CorrSynth-Hybrid", hybrid()),
];

const at = (strength, method, sampling) => ({ ...setting(String(strength), method, sampling), strength });

/** The frontier: of each curve its settings, in the order of their strength. The first is the one to beat. */
export const curves = [
  {
    name: "FewGen",
    symbol: "T",
    settings: [0.7, 0.85, 1, 1.15, 1.35, 1.6, 2, 2.5].map((temperature) =>
      at(temperature, fewgen({ repeat: 2 }), temperature === 1 ? {} : { temperature }),
    ),
  },
  {
    name: "Cross",
    symbol: "δ",
    settings: [0.9, 0.8, 0.65, 0.5, 0.3].map((delta) => at(delta, cross({ delta }))),
  },
  {
    name: "Intra",
    symbol: "δ",
    settings: [0.9, 0.75, 0.5, 0.3].map((delta) => at(delta, intra({ delta }))),
  },
  {
    name: "Hybrid, γ_intra = 0.5",
    symbol: "γ_cross",
    settings: [0.1, 0.2, 0.3, 0.4].map((strength) => at(strength, hybrid({ cross: strength }))),
  },
  {
    name: "Hybrid, γ_intra = 0.2",
    symbol: "γ_cross",
    settings: [0.1, 0.3, 0.5].map((strength) => at(strength, hybrid({ intra: 0.2, cross: strength }))),
  },
];

/** Figure 2: traced runs, with the whole vocabulary plausible as the paper has it. */
export const traced = [
  setting("CorrSynth-Cross", cross(), { plausibility: 0, contrastNorms: true }),
  setting("CFG-Cross", cfg({ kind: "cross" }), { plausibility: 0, contrastNorms: true }),
  setting("CorrSynth-Intra", intra(), { plausibility: 0, contrastNorms: true }),
  setting("CFG-Intra", cfg({ kind: "intra" }), { plausibility: 0, contrastNorms: true }),
];

/** Every setting once, those that come to the same run under one key; CFG, which takes most of the time, at the end. */
export function allSettings() {
  const all = [...table, ...curves.flatMap(({ settings }) => settings)];
  const once = [...new Map(all.map((setting) => [setting.key, setting])).values()];
  const isDear = ({ key }) => Number(key.startsWith("cfg"));
  return once.sort((a, b) => isDear(a) - isDear(b));
}
