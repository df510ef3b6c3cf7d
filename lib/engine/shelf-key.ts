/** All that a text's vector depends on, beside the text: the model's file, how it is read, and who computes it. */
import { arch, cpus, endianness, platform } from "node:os";
import { fileIdentity } from "../files/file-identity.js";
import type { NativeModelInfo } from "./binding.js";
import type { resolveEmbed } from "./embed-options.js";
import { addonPath } from "./loaded-addon.js";

/**
 * The key of its shelf in a cache of vectors. Threads are not in it: they share out sums and change none.
 * @param files  identity of the model's.
 */
export async function shelfKey(
  files: string,
  { devices }: Pick<NativeModelInfo, "devices">,
  { pooling, maxTokens }: Pick<ReturnType<typeof resolveEmbed>, "pooling" | "maxTokens">,
): Promise<string> {
  addon ??= fileIdentity(addonPath());
  const computer = { arch: arch(), platform: platform(), processor: cpus()[0]?.model, bytes: endianness() };
  const on = devices.map(({ name, description }) => ({ name, description }));
  return JSON.stringify({ files, pooling, maxTokens, addon: await addon, computer, devices: on });
}

let addon: Promise<string> | undefined;
