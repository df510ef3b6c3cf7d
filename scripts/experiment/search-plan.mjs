// The settings that are searched: weak contrasts, each beside FewGen's curve with the same plausibility and examples.
import { cross, fewgen, hybrid, intra } from "../../dist/index.js";
import { setting } from "./plan.mjs";

const temperatures = [0.9, 1, 1.1, 1.2, 1.35];
const plausibilities = [1e-3, 1e-2, 5e-2];
const shotCounts = [1, 3, 5];
const contrasts = [
  ...[0.95, 0.9, 0.85].map((delta) => [`Intra, δ = ${delta}`, intra({ delta })]),
  ...[0.95, 0.9].map((delta) => [`Cross, δ = ${delta}`, cross({ delta })]),
  ...[
    [0.1, 0.05],
    [0.1, 0.1],
    [0.2, 0.1],
  ].map(([within, across]) => [
    `Hybrid, γ_intra = ${within}, γ_cross = ${across}`,
    hybrid({ intra: within, cross: across }),
  ]),
];

/**
 * One family for each pair of plausibility and shots: `curve`, FewGen's settings over temperatures, and `settings`,
 * those that are compared with it.
 * @param warmUps  tokens at the beginning of an instance that are drawn without contrast.
 */
export function families(warmUps) {
  return plausibilities.flatMap((plausibility) =>
    shotCounts.map((shots) => {
      const common = `α = ${plausibility}, ${shots} ${shots === 1 ? "shot" : "shots"}`;
      const make = (title, method, sampling) => {
        return setting(`${title}, ${common}`, method, { plausibility, ...sampling }, { shots });
      };
      const curve = temperatures.map((temperature) =>
        make(`FewGen, T = ${temperature}`, fewgen({ repeat: 2 }), { temperature }),
      );
      const settings = contrasts.flatMap(([name, method]) =>
        warmUps.map((warmUp) =>
          warmUp === 0 ? make(name, method) : make(`${name}, warm-up ${warmUp}`, method, { warmUp }),
        ),
      );
      return { name: common, curve, settings };
    }),
  );
}
