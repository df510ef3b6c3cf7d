// The program once Node is known to be new enough: joins the command line to this process, its streams and its signals.
import * as library from "../index.js";
import { exitCodes, Stopped } from "./command.js";
import { runCli } from "./program.js";
import type { Output } from "./terminal.js";

function output(stream: NodeJS.WriteStream): Output {
  // A reader that has seen enough, such as `head`, closes the pipe: nothing is wrong, and nobody is left to tell.
  stream.on("error", (error: NodeJS.ErrnoException) =>
    process.exit(error.code === "EPIPE" ? exitCodes.done : exitCodes.failed),
  );
  return {
    write: (text) => void stream.write(text),
    get isTty() {
      return stream.isTTY === true && process.env.TERM !== "dumb";
    },
    get columns() {
      return stream.columns ?? 120;
    },
  };
}

/** Milliseconds after a signal in which another is the same wish: npm passes on a Ctrl-C that its child has already. */
const echo = 200;
/** Milliseconds that an orderly end may take. */
const patience = 1500;

// As if the signal had never been caught, which a shell reports as the same exit code. process.exit would wait for a model that
// is being loaded; it is there for the first process of a container, which a signal without a handler does not end.
function leave(name: "SIGINT" | "SIGTERM"): void {
  process.stderr.write(`corrsynth: ended by ${name}\n`);
  process.removeAllListeners(name);
  process.kill(process.pid, name);
  process.exit(exitCodes[name]);
}

const stop = new AbortController();
let stoppedAt = 0;
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    if (!stop.signal.aborted) {
      stoppedAt = performance.now();
      stop.abort(new Stopped(name));
      // A model that is being loaded cannot be stopped. What is finished has been written by then.
      setTimeout(() => leave(name), patience).unref();
    } else if (performance.now() - stoppedAt > echo) {
      leave(name); // asked again: at once
    }
  });
}

process.exitCode = await runCli(
  process.argv.slice(2),
  {
    library,
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    signal: stop.signal,
    now: () => performance.now(),
  },
  { verbose: process.env.CORRSYNTH_DEBUG !== undefined && process.env.CORRSYNTH_DEBUG !== "0" },
);
