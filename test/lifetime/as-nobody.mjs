// The command line of a superuser's clone, as a user who owns nothing: all of the program is loaded before its rights are given up,
// since such a clone may lie where nobody else may look. What is loaded later, a model say, is out of its reach.
//   node test/lifetime/as-nobody.mjs ARGUMENTS...
import { runCli } from "../../dist/cli/program.js";
import * as library from "../../dist/index.js";

library.versions(); // reads two files of the package, once

const nobody = 65_534;
process.setgroups([nobody]);
process.setgid(nobody);
process.setuid(nobody);

const output = (stream) => ({ write: (text) => void stream.write(text), isTty: false, columns: 120 });
process.exitCode = await runCli(process.argv.slice(2), {
  library,
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  signal: new AbortController().signal,
  now: () => performance.now(),
});
