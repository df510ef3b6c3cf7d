// Which tools a compile needs, and the command that installs those that are missing.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const works = (command, ...args) => spawnSync(command, args, { stdio: "ignore" }).status === 0;

/** Package managers by the file that tells them, with their names for cmake and the compiler. */
const systems = [
  ["/etc/debian_version", "apt-get install", { cmake: "cmake", compiler: "g++", make: "make" }],
  ["/etc/alpine-release", "apk add", { cmake: "cmake", compiler: "g++", make: "make" }],
  ["/etc/redhat-release", "dnf install", { cmake: "cmake", compiler: "gcc-c++", make: "make" }],
  ["/etc/arch-release", "pacman -S", { cmake: "cmake", compiler: "gcc", make: "make" }],
];

function advice(missing) {
  if (process.platform === "darwin") {
    return [
      missing.includes("compiler") && "xcode-select --install",
      missing.includes("cmake") && "brew install cmake",
    ];
  }
  if (process.platform === "win32") {
    return [
      missing.includes("cmake") && "winget install Kitware.CMake",
      missing.includes("compiler") &&
        'winget install Microsoft.VisualStudio.2022.BuildTools --override "--add Microsoft.VisualStudio.Workload.VCTools"',
    ];
  }
  const [, command, names] = systems.find(([file]) => existsSync(file)) ?? systems[0];
  return [`${command} ${missing.map((tool) => names[tool]).join(" ")}`];
}

/**
 * What a compile lacks here, as a message with the command to run; undefined when nothing is missing.
 * @param platform  as process.platform has it.
 */
export function missingTools(platform = process.platform) {
  const missing = [];
  if (!works("cmake", "--version")) missing.push("cmake");
  // Those that cmake-js looks for. On Windows cmake finds Visual Studio by itself, on no PATH; what it says when there is none is clear.
  if (platform !== "win32" && !works("g++", "--version") && !works("clang++", "--version")) missing.push("compiler");
  if (platform !== "win32" && !works("make", "--version") && !works("ninja", "--version")) missing.push("make");
  if (missing.length === 0) return undefined;
  const commands = advice(missing).filter(Boolean);
  const named = missing.map((tool) => (tool === "compiler" ? "a C++17 compiler" : tool)).join(", ");
  return `Missing to compile corrsynth: ${named}. Install with\n  ${commands.join("\n  ")}\nthen run the same command again.`;
}
