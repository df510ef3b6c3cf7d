/** Runs a script in a Node process of its own, since a crash of native code would take the test runner with it. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface Ended {
  readonly code: number | null;
  /** What ended it, SIGSEGV say; SIGKILL when the time was up. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * @param script Name of a file in test/lifetime/.
 * @param seconds Time limit; a process that hangs is killed, which `signal` then shows.
 */
export function runScript(script: string, args: readonly string[] = [], nodeOptions: string[] = [], seconds = 60) {
  const path = fileURLToPath(new URL(`../../lifetime/${script}`, import.meta.url));
  return new Promise<Ended>((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeOptions, path, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: seconds * 1000,
      killSignal: "SIGKILL",
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
