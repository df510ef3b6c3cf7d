// The command-line reference, from the commands themselves.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { code, plain, table } from "./markdown.mjs";

const load = (dist, file) => import(pathToFileURL(join(dist, file)).href);

/** What each exit code means, by its name in `exitCodes`. */
const meanings = {
  done: "Done.",
  failed:
    "Failed: the engine, the disk or the network. The message says what, and [its code](../guide/errors) what to do.",
  badInput: "Bad input: the task, an option, a path or a file is wrong. Nothing was generated.",
  quotaNotMet:
    "The quota is not met: the groups allowed were used up first. What was accepted is in the run directory.",
  held: "Another process writes to the run directory, and gives signs of life. The same command may be given later.",
  SIGINT: "Stopped by Ctrl-C. What was finished is kept, and the same command goes on.",
  SIGTERM: "Stopped by SIGTERM. As above.",
};

/** An environment for commands that are only looked at, or that fail at once; what it writes is kept. */
function environment(library = {}) {
  const written = [];
  const output = { write: (text) => written.push(text), isTty: false, columns: 100 };
  const signal = new AbortController().signal;
  return { written, library, stdout: output, stderr: output, signal, now: () => 0 };
}

/** The program's help, as `corrsynth --help` prints it. */
async function help(dist) {
  const { runCli } = await load(dist, "cli/program.js");
  const surroundings = environment();
  await runCli(["--help"], surroundings);
  return surroundings.written.join("");
}

/**
 * Every command as commander's object, in the order of the help.
 * @param dist  folder of the compiled package.
 * @throws {Error} when the help names a command that no module of cli/ makes.
 */
export async function commands(dist) {
  const made = new Map();
  for (const file of readdirSync(join(dist, "cli")).filter(
    (name) => name.endsWith(".js") && !["main.js", "start.js"].includes(name),
  )) {
    for (const [name, make] of Object.entries(await load(dist, `cli/${file}`))) {
      if (!/^[a-z]+Command$/.test(name)) continue;
      const command = make(environment(), () => {});
      made.set(command.name(), command);
    }
  }
  const listed = [...(await help(dist)).split("Commands:\n")[1].matchAll(/^ {2}([a-z]+)/gm)].map((match) => match[1]);
  return listed
    .filter((name) => name !== "help")
    .map((name) => {
      const command = made.get(name);
      if (command === undefined)
        throw new Error(`Expected a module in cli/ that makes the command "${name}", found none`);
      return command;
    });
}

/** Name and number of every exit code. */
export async function exitCodes(dist) {
  return Object.entries((await load(dist, "cli/command.js")).exitCodes);
}

/** The exit code that an error ends a command with, found by having one thrown. */
export async function exitCodeOf(dist, error) {
  const { runCli } = await load(dist, "cli/program.js");
  const library = {
    doctor: () => {
      throw error;
    },
  };
  return await runCli(["doctor"], environment(library));
}

function argumentRow(argument) {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  const given = argument.required
    ? "required"
    : argument.defaultValue === undefined
      ? "–"
      : code(argument.defaultValue);
  return [code(name), given, plain(argument.description)];
}

function optionRow(option) {
  const { mandatory, defaultValue, negate, argChoices, description } = option;
  const isOff = defaultValue === undefined || defaultValue === false || negate;
  const given = mandatory ? "required" : isOff ? "–" : code(String(defaultValue));
  const choices = argChoices ? `${argChoices.map(code).join(", ")}: ` : "";
  return [code(option.flags), given, choices + plain(description)];
}

function section(command) {
  const parameters = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  const required = command.options.filter(({ mandatory }) => mandatory).map(({ flags }) => flags);
  const usage = ["corrsynth", command.name(), ...parameters, ...required, "[options]"].join(" ");
  const description = command.description();
  const parts = [
    `## ${command.name()}`,
    `${plain(description[0].toUpperCase() + description.slice(1))}.`,
    `\`\`\`text\n${usage}\n\`\`\``,
  ];
  if (command.registeredArguments.length > 0) {
    parts.push(table(["Argument", "Default", "Meaning"], command.registeredArguments.map(argumentRow)));
  }
  if (command.options.length > 0) {
    parts.push(table(["Option", "Default", "Meaning"], command.options.map(optionRow)));
  }
  return parts.join("\n\n");
}

/** The page. */
export async function cliReference(dist) {
  const codes = (await exitCodes(dist)).map(([name, number]) => {
    if (meanings[name] === undefined) throw new Error(`Expected a meaning of the exit code "${name}", found none`);
    return [code(String(number)), meanings[name]];
  });
  const sections = (await commands(dist)).map(section);
  return `# Command line

Written from the program itself; \`corrsynth COMMAND --help\` prints the same. Data goes to files or to stdout, everything else to
stderr. \`corrsynth --verbose COMMAND …\` shows stacks and causes of errors, and so does \`CORRSYNTH_DEBUG=1\`.

## Exit codes

${table(["Code", "Meaning"], codes)}

${sections.join("\n\n")}
`;
}
