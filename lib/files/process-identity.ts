// Which process this is, so that another one can tell later whether it still runs.
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A process of some machine. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /**
   * Differs between machines, starts of one machine, and containers that do not see each other's processes: boot id and
   * process table on Linux, the host's name elsewhere.
   */
  readonly machine: string;
  /**
   * When the process began, in clock ticks since its machine did; "" where the system does not tell. Numbers are given
   * out again.
   */
  readonly begun: string;
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), machine: thisMachine(), begun: begun(process.pid) ?? "" };
}

/** Whether the process runs: true, false, or undefined where this machine cannot know. */
export function isRunning({ pid, machine, begun: then }: ProcessIdentity): boolean | undefined {
  if (machine !== thisMachine()) return undefined;
  try {
    process.kill(pid, 0); // sends nothing
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return then === "" || begun(pid) === then;
}

/** Whether the process is, or was, of the same start of the same machine, though maybe of another container. */
export function isOfThisBoot({ machine }: ProcessIdentity): boolean {
  return machine.split(" ")[0] === thisMachine().split(" ")[0];
}

function thisMachine(): string {
  try {
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

// Field 22 of /proc/PID/stat; of a process that has ended and that nobody has asked about since, nothing.
function begun(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name before may hold anything
    return state === "Z" || state === "X" ? undefined : rest[18];
  } catch {
    return undefined;
  }
}
