/** The native addon, loaded on first use, with the package for a GPU where one is installed. */
import { dirname } from "node:path";
import { companion, loadAddon, platformPackage } from "./addon.js";
import type { Binding } from "./binding.js";

/** A package with the backend of a GPU, which nobody gets who does not install it. */
export interface GpuPackage {
  readonly name: string;
  /** Why it does not serve; empty where it does. */
  readonly problem: string;
}

let loaded: { readonly binding: Binding; readonly gpuPackages: readonly GpuPackage[] } | undefined;

/**
 * The addon, loaded on first use together with the package for a GPU, where one is installed.
 * @throws {BindingError} CORRSYNTH_BINDING with every place that was tried, what was wrong there, and what to do.
 */
export function binding(): Binding {
  return load().binding;
}

/** File of the addon that {@link binding} loads. */
export function addonPath(): string {
  return loadAddon().path;
}

/** GPUs that there are packages for, by the package of their platform. On a Mac, Metal is in the addon. */
const gpusWithPackage: Readonly<Record<string, readonly string[]>> = {
  "@corrsynth/linux-x64": ["cuda", "vulkan"],
  "@corrsynth/win32-x64": ["cuda"],
};

/** Packages for the GPUs of this platform, in the order in which they were tried, up to the first that serves. */
export function gpuPackages(): readonly GpuPackage[] {
  return load().gpuPackages;
}

function load() {
  if (loaded !== undefined) return loaded;
  const { path, exports } = loadAddon();
  const binding = exports as Binding;
  binding.loadBackends(dirname(path));
  loaded = { binding, gpuPackages: addGpuPackages(binding) };
  process.once("exit", () => binding.shutDown());
  return loaded;
}

// One of them: two backends would show the same GPU as two devices.
function addGpuPackages(binding: Binding): GpuPackage[] {
  const tried: GpuPackage[] = [];
  for (const gpu of gpusWithPackage[platformPackage] ?? []) {
    const name = `${platformPackage}-${gpu}`;
    const found = companion(name);
    const problem = "problem" in found ? found.problem : binding.addBackends(found.directory);
    tried.push({ name, problem });
    if (problem === "") break;
  }
  return tried;
}
