/**
 * Whether this code runs on a Node that is new enough, and from the package's own files. Every entry point imports it
 * first, since the next thing is an error of somebody else's: inside a bundle about a "dynamic require".
 */
import { BindingError } from "../errors.js";
import { nodeIssue } from "./node-version.js";

declare const __webpack_require__: unknown;

/** Inside a bundle the address is the bundle's, or there is none; webpack keeps it, and has a function of its own. */
export function isInstalled(address: string | undefined, isWebpack: boolean): boolean {
  return !isWebpack && address !== undefined && /\/checks\/installed\.[jt]s(\?.*)?$/.test(address);
}

if (nodeIssue !== undefined) throw new BindingError(nodeIssue);
if (!isInstalled(import.meta.url, typeof __webpack_require__ === "function")) {
  throw new BindingError(
    "corrsynth was put into a bundle, where it cannot find its native addon and its worker files: leave corrsynth " +
      "outside the bundle. esbuild: --external:corrsynth; Rollup and Vite: external: [/^corrsynth/]; webpack: externals: " +
      '[/^corrsynth/] with type "module"; Next.js: serverExternalPackages: ["corrsynth"]',
  );
}
