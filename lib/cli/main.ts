#!/usr/bin/env node
// The program: joins the command line to this process, its streams and its signals.
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

const stop = new AbortController();
let stoppedAt = 0;
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    if (!stop.signal.aborted) {
      stoppedAt = performance.now();
      stop.abort(new Stopped(name));
    } else if (performance.now() - stoppedAt > 1000) {
      // Asked again by someone who has waited: at once. Sooner than that it is the same wish, since npm passes on a
      // Ctrl-C that the terminal has sent to its child already.
      process.exit(exitCodes[name]);
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
