// The platforms with a prebuilt addon, each a package of its own that npm installs only where it fits.

/**
 * Folder of prebuilds/ to what npm asks of the machine. glibc: built on AlmaLinux 8, so 2.28 or later serves; musl: of 1.2,
 * as Alpine has since 3.13. `zig`: the target for which cross.mjs compiles it, where no machine of that kind does.
 */
export const platforms = {
  "linux-x64": { os: "linux", cpu: "x64", libc: "glibc" },
  "linux-x64-musl": { os: "linux", cpu: "x64", libc: "musl", zig: "x86_64-linux-musl" },
  "linux-arm64": { os: "linux", cpu: "arm64", libc: "glibc", zig: "aarch64-linux-gnu.2.28" },
  "linux-arm64-musl": { os: "linux", cpu: "arm64", libc: "musl", zig: "aarch64-linux-musl" },
  "darwin-arm64": { os: "darwin", cpu: "arm64" },
  "darwin-x64": { os: "darwin", cpu: "x64" },
  "win32-x64": { os: "win32", cpu: "x64" },
  "win32-arm64": { os: "win32", cpu: "arm64", zig: "aarch64-windows-gnu" },
};

/** Packages with the backend of a GPU: nobody gets them who does not install them by name. */
export const gpuPackages = {
  "linux-x64-cuda": { platform: "linux-x64", library: "libggml-cuda.so", sampler: "libcorrsynth-cuda.so" },
  "linux-x64-vulkan": { platform: "linux-x64", library: "libggml-vulkan.so" },
  "win32-x64-cuda": { platform: "win32-x64", library: "ggml-cuda.dll", sampler: "corrsynth-cuda.dll" },
};

/** Most bytes of each tarball: what npm packs, compressed. */
export const mostBytes = { main: 6e6, platform: 12e6, together: 15e6, gpu: 250e6 };
