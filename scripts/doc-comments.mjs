// Doc comments of the compiled package as descriptions in a JSON Schema: a text stands once, where the field is
// defined.
import ts from "typescript";

const { ModuleKind, ModuleResolutionKind, ScriptTarget } = ts;
const options = {
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  target: ScriptTarget.ES2022,
  module: ModuleKind.NodeNext,
  moduleResolution: ModuleResolutionKind.NodeNext,
  types: [],
};

/** A doc comment in one line. */
function docOf(symbol, checker) {
  const text = ts.displayPartsToString(symbol?.getDocumentationComment(checker) ?? []);
  return text
    .replace(/\{@link (\w+) ?\}/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}

const objectsIn = (type) => (type.isUnion() ? type.types : [type]).filter(({ flags }) => flags & ts.TypeFlags.Object);

/**
 * Gives every field in a JSON Schema its description, from the interface of what the schema describes.
 * @param interfaces  of each: the JSON Schema of an object, the declaration file, the name of the interface in it.
 * @throws {Error} naming every field whose property has no doc comment.
 */
export function describeFields(interfaces) {
  const files = interfaces.map(({ file }) => file);
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  const undescribed = [];

  // Of several objects, such as the methods, those whose constant fields are the schema's.
  const isOf = (type, properties) =>
    Object.entries(properties).every(([name, { const: value }]) => {
      const symbol = value === undefined ? undefined : checker.getPropertyOfType(type, name);
      return value === undefined || (symbol && checker.getTypeOfSymbol(symbol).value === value);
    });

  const describe = (schema, type, path) => {
    for (const form of schema.anyOf ?? schema.oneOf ?? []) describe(form, type, path);
    const objects = objectsIn(type);
    const items = schema.items ? objects.map((list) => checker.getIndexTypeOfType(list, ts.IndexKind.Number)) : [];
    for (const item of items) if (item) describe(schema.items, item, path);
    if (!schema.properties) return;
    const own = objects.filter((object) => isOf(object, schema.properties));
    for (const [name, inner] of Object.entries(schema.properties)) {
      const symbol = own.map((object) => checker.getPropertyOfType(object, name)).find(Boolean);
      inner.description = docOf(symbol, checker);
      if (inner.description === "") undescribed.push(`${path}${name}`);
      if (symbol) describe(inner, checker.getTypeOfSymbol(symbol), `${path}${name}.`);
    }
  };

  for (const { schema, file, name } of interfaces) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file));
    const symbol = checker.tryGetMemberInModuleExports(name, module);
    describe(schema, checker.getDeclaredTypeOfSymbol(symbol), "");
  }
  if (undescribed.length === 0) return;
  throw new Error(`Expected a doc comment on every field, received none on ${undescribed.join(", ")}`);
}
