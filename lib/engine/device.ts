/** Where a model runs: the options of loading one, checked, and what the machine has. */
import { connect } from "node:net";
import { z } from "zod";
import { expected, parseWith } from "../checks/issues.js";
import { fields } from "../checks/shapes.js";
import { DeviceError, InvalidConfigError } from "../errors.js";
import type { NativeDevice, NativeDeviceOptions } from "./binding.js";
import { binding } from "./loaded-addon.js";

/** A device that ggml found. */
export type Device = NativeDevice;

function isAddress(text: string): boolean {
  const [, port] = /^[^\s:]+:(\d{1,5})$/.exec(text) ?? [];
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535;
}

/** The options of where a model is put, as a task file has them under `device`. */
export const deviceSchema = fields({
  /**
   * "auto" (default): all GPUs that are found, else the CPU; "cuda", "metal" or "vulkan": those of that kind, which
   * must be there; false: the CPU alone. What can be found depends on how the addon was built: see `corrsynth doctor`.
   */
  gpu: z
    .union([z.enum(["auto", "cuda", "metal", "vulkan"]), z.literal(false)], {
      error: expected('"auto", "cuda", "metal", "vulkan" or false'),
    })
    .default("auto"),
  /**
   * Layers that go onto the GPUs, the last first: integer ≥ 0; default all. Logits are drawn from on the GPU only with
   * all.
   */
  gpuLayers: z.int().min(0).max(100_000).optional(),
  /** With `splitMode: "none"` the GPU that has the whole model: integer ≥ 0, default 0. */
  mainGpu: z.int().min(0).max(1024).default(0),
  /**
   * What several GPUs do with a model. They share it: "layer" (default), "row", or "tensor" (all work on each layer at
   * once; llama.cpp then copies the logits to the host). "replicate": each has all of it and decodes groups of its own,
   * which is fastest where the model fits. "none": one GPU has it all, the others idle.
   */
  splitMode: z.enum(["layer", "row", "tensor", "replicate", "none"]).default("layer"),
  /** Share of each GPU, numbers of 0..10^6 in the order of the devices; default by their memory. */
  tensorSplit: z.array(z.number().min(0).max(1e6)).max(16).readonly().default([]),
  /**
   * Whether the model's files are mapped into memory (default) and read while it runs, which loads fast, and shares memory
   * with other processes. false: they are read once, into memory of this process's own, so that they may go or change
   * afterwards: for network folders and disks that fail.
   */
  mmap: z.boolean().default(true),
  /**
   * "host:port" of llama.cpp's RPC servers, for a model larger than one machine. Only on a network that you trust, and
   * reliable: llama.cpp ends the process when a server goes away or is of another version.
   */
  rpcServers: z
    .array(z.string().refine(isAddress, { error: expected('"host:port"') }))
    .max(16)
    .readonly()
    .default([]),
});

/** Where a model is put. */
export interface DeviceOptions extends Readonly<z.input<typeof deviceSchema>> {}

/**
 * Checks the options and fills in their defaults.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with every wrong field, its path beginning with `device`.
 */
export function resolveDevice(options: unknown): { device: NativeDeviceOptions; replicate: boolean } {
  const parsed = parseWith(deviceSchema, options, ["device"]);
  if ("issues" in parsed) throw new InvalidConfigError(parsed.issues);
  const { gpu, gpuLayers, splitMode, mainGpu, ...rest } = parsed.data;
  const replicate = splitMode === "replicate";
  const placed = replicate ? { splitMode: "none" as const, mainGpu: 0 } : { splitMode, mainGpu };
  return { device: { ...rest, ...placed, gpu: gpu === false ? "" : gpu, gpuLayers: gpuLayers ?? -1 }, replicate };
}

const CONNECT_MS = 5000;

/**
 * Looks whether something listens at each server's address: llama.cpp ends the whole process when nothing does.
 * @throws {DeviceError} CORRSYNTH_DEVICE that names every server that did not answer within five seconds.
 */
export async function checkServers(servers: readonly string[]): Promise<void> {
  const problems = await Promise.all(servers.map(problemOf));
  const silent = servers.flatMap((server, i) => (problems[i] ? [`"${server}" (${problems[i]})`] : []));
  if (silent.length === 0) return;
  throw new DeviceError(
    `Expected an RPC server at ${silent.join(" and ")}, but none answered: start llama.cpp's rpc-server there`,
  );
}

function problemOf(server: string): Promise<string | undefined> {
  const colon = server.lastIndexOf(":");
  return new Promise((settle) => {
    const socket = connect({ host: server.slice(0, colon), port: Number(server.slice(colon + 1)) });
    const end = (problem?: string) => {
      socket.destroy();
      settle(problem);
    };
    socket.setTimeout(CONNECT_MS, () => end("no answer"));
    socket.on("connect", () => end());
    socket.on("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

/**
 * The devices of this machine, the CPU among them.
 * @throws {BindingError} CORRSYNTH_BINDING when the native addon is missing.
 * @example
 * import { devices } from "corrsynth";
 * for (const { name, description } of devices()) console.log(name, description);
 */
export function devices(): Device[] {
  return binding().devices();
}
