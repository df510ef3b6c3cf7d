// Measures the structure of lib/: how folders import each other, how far a task travels, how large and how documented it is.
// The yardsticks of docs/results/house.md; run it on any checkout that has node_modules beside this script.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

if (process.argv.includes("--help")) {
  console.log(
    "Usage: node scripts/measure-house.mjs [ROOT]\n\nPrints the measures of lib/ below ROOT as a Markdown table.",
  );
  process.exit(0);
}
const root = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), ".."));
const files = readdirSync(join(root, "lib"), { recursive: true })
  .map((file) => `lib/${file.split(sep).join("/")}`)
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
  .sort();
const program = ts.createProgram(
  files.map((file) => join(root, file)),
  { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, strict: true, skipLibCheck: true, noEmit: true },
);
const checker = program.getTypeChecker();
const sources = new Map(files.map((file) => [file, program.getSourceFile(join(root, file))]));
const nameOf = (source) =>
  source.fileName
    .slice(root.length + 1)
    .split(sep)
    .join("/");

/** A file's room: its folder, or itself where it stands beside the folders. */
const roomOf = (file) => file.split("/")[1];

/** Every import of one file of lib/ by another, as [from, to]. */
const arrows = [...sources].flatMap(([file, source]) =>
  source.statements
    .filter((node) => (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier)
    .map((node) => posix.join(posix.dirname(file), node.moduleSpecifier.text).replace(/\.js$/, ".ts"))
    .filter((target) => sources.has(target))
    .map((target) => [file, target]),
);
const between = new Set(
  arrows.filter(([from, to]) => roomOf(from) !== roomOf(to)).map(([from, to]) => `${roomOf(from)} ${roomOf(to)}`),
);

/** Pairs of rooms that import each other. */
function mutualPairs() {
  const pairs = [...between].map((pair) => pair.split(" "));
  return pairs.filter(([from, to]) => from < to && between.has(`${to} ${from}`)).map((pair) => pair.join("-"));
}

/** Rooms from top to bottom, so that as few imports as can be run upwards: each is moved to where it serves best until none gains. */
function bestOrder() {
  const rooms = [...new Set(files.map(roomOf))];
  const upward = (order) => {
    const place = new Map(order.map((room, i) => [room, i]));
    return [...between].filter((pair) => place.get(pair.split(" ")[0]) > place.get(pair.split(" ")[1])).length;
  };
  // from an order without upward imports, where there is one: a room stands before all that it imports
  let order = [];
  const visit = (room, path = new Set()) => {
    if (order.includes(room) || path.has(room)) return;
    for (const other of rooms) if (between.has(`${room} ${other}`)) visit(other, new Set([...path, room]));
    if (!order.includes(room)) order.unshift(room);
  };
  for (const room of rooms) visit(room);
  for (let best = upward(order), gained = true; gained; ) {
    gained = false;
    for (const room of rooms) {
      const rest = order.filter((other) => other !== room);
      for (let at = 0; at <= rest.length; at++) {
        const tried = [...rest.slice(0, at), room, ...rest.slice(at)];
        const count = upward(tried);
        if (count < best) [best, order, gained] = [count, tried, true];
      }
    }
  }
  return { order, upward: upward(order) };
}

const isFunction = (node) =>
  ts.isFunctionDeclaration(node) ||
  ts.isMethodDeclaration(node) ||
  ts.isConstructorDeclaration(node) ||
  ts.isArrowFunction(node) ||
  ts.isFunctionExpression(node) ||
  ts.isGetAccessor(node);

/** Whether a type is the task, or something that a run keeps it in. */
function carriesTask(type, depth = 0) {
  const name = (type.aliasSymbol ?? type.symbol)?.name;
  if (name === "SynthesisSpec" || name === "ResolvedSpec" || name === "ParsedSpec") return true;
  if (depth === 2 || !name || /^(__type|Promise|Array|ReadonlyArray|Map|Set)$/.test(name)) return false;
  const declared = type.symbol?.declarations?.[0];
  if (!declared || !sources.has(nameOf(declared.getSourceFile()))) return false;
  const spec = type.getProperty("spec");
  return spec !== undefined && carriesTask(checker.getTypeOfSymbolAtLocation(spec, declared), depth + 1);
}

/** Calls by which the task goes from `synthesize` to `nativeOptions`, each once: the file it leaves and the one it enters. */
function stops() {
  const found = [];
  const seen = new Set();
  const start = [...sources.values()].flatMap((source) => declarationsOf(source, "synthesize"))[0];
  const queue = [start];
  while (queue.length > 0) {
    const node = queue.shift();
    if (node === undefined || seen.has(node)) continue;
    seen.add(node);
    const visit = (child) => {
      if (ts.isCallExpression(child) || ts.isNewExpression(child)) {
        const takes = (child.arguments ?? []).some((argument) => carriesTask(checker.getTypeAtLocation(argument)));
        const target = takes ? checker.getResolvedSignature(child)?.declaration : undefined;
        if (target && isFunction(target) && sources.has(nameOf(target.getSourceFile()))) {
          found.push([nameOf(child.getSourceFile()), nameOf(target.getSourceFile())]);
          queue.push(target);
        }
      }
      ts.forEachChild(child, visit);
    };
    ts.forEachChild(ts.isConstructorDeclaration(node) ? node.parent : node, visit);
  }
  return found;
}

function declarationsOf(source, name) {
  return source.statements.filter((node) => ts.isFunctionDeclaration(node) && node.name?.text === name);
}

/** Places that list the fields of `sampling`: object types and schemas that name both of two telling fields. */
function definitions() {
  const places = [];
  for (const [file, source] of sources) {
    const visit = (node) => {
      if (ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node) || isSchema(node)) {
        const members = ts.isObjectLiteralExpression(node) ? node.properties : node.members;
        const names = members.map((member) => member.name?.getText(source));
        for (const pair of [
          ["topP", "maxTokens"],
          ["minWords", "nearDuplicates"],
          ["instruction", "shots"],
        ]) {
          const isTask = pair.every((name) => names.includes(name)) && names.length > 4;
          if (isTask)
            places.push({ file, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, of: pair[0] });
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return places;
}

function isSchema(node) {
  if (!ts.isObjectLiteralExpression(node) || !ts.isCallExpression(node.parent)) return false;
  return /^(z\.|part$|fields$)/.test(node.parent.expression.getText());
}

/** Functions and classes that the package exports, and those of them whose doc comment has an example. */
function publicNames() {
  const exported = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).exports;
  const entries = Object.values(exported)
    .filter((target) => target.types)
    .map((target) => target.types.replace("./dist/", "lib/").replace(/\.d\.ts$/, ".ts"));
  const names = new Map();
  for (const entry of entries) {
    const module = checker.getSymbolAtLocation(sources.get(entry));
    for (const symbol of checker.getExportsOfModule(module)) {
      const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      names.set(real, symbol.name);
    }
  }
  const callable = [...names].filter(([symbol]) => symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class));
  const documented = callable.filter(([symbol]) => symbol.getJsDocTags(checker).some(({ name }) => name === "example"));
  const isError = ([symbol]) => /Error$/.test(symbol.name);
  return {
    all: names.size,
    callable: callable.filter((entry) => !isError(entry)).length,
    without: callable.filter((entry) => !documented.includes(entry) && !isError(entry)).map(([, name]) => name),
  };
}

const texts = files.map((file) => readFileSync(join(root, file), "utf8"));
const lineCounts = texts.map((text) => text.split("\n").length - 1);
const { order, upward } = bestOrder();
const place = new Map(order.map((room, i) => [room, i]));
const way = stops();
const climbs = way.filter(([from, to]) => place.get(roomOf(from)) > place.get(roomOf(to)));
const defined = definitions();
const names = publicNames();
const longest = Math.max(...lineCounts);
const rows = [
  ["folder pairs that import each other", mutualPairs().length, mutualPairs().join(", ")],
  ["imports between rooms that run upwards, in the order that has the fewest", upward, ""],
  ["files at the root of lib", files.filter((file) => file.split("/").length === 2).length, ""],
  ["calls that hand the task on, from `synthesize`", way.length, `${new Set(way.map(([, to]) => to)).size} files`],
  ["of these, calls that climb to a higher room", climbs.length, climbs.map((call) => call.join(" → ")).join(", ")],
  ["files of lib", files.length, ""],
  ["lines of lib", lineCounts.reduce((sum, n) => sum + n, 0), ""],
  ["longest file", longest, files[lineCounts.indexOf(longest)]],
  [
    "lines of more than 120 characters",
    texts.flatMap((text) => text.split("\n")).filter((line) => line.length > 120).length,
    "",
  ],
  [
    "lists of a task's fields (sampling, filters, prompt)",
    defined.length,
    defined.map((at) => `${at.file}:${at.line}`).join(", "),
  ],
  ["public names", names.all, `${names.callable} of them functions and classes`],
  [
    "public functions and classes without an example that runs",
    names.without.length,
    names.without.slice(0, 12).join(", "),
  ],
];
console.log("| measure | value | |\n| --- | --- | --- |");
for (const [name, value, what] of rows) console.log(`| ${name} | ${value} | ${what} |`);
if (!existsSync(join(root, "node_modules"))) console.error("warning: without node_modules some types are unknown");
