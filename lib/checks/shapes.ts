/**
 * What zod leaves open for our schemas: doc comments that stay, names that are the user's, and what only a program can
 * give.
 */
import { z } from "zod";
import { nameOf } from "../text/names.js";

type Shape = z.core.$ZodLooseShape;

/** What a caller may give for an object of these fields. */
export type Given<Fields extends Shape> = Shown<z.input<z.ZodObject<Fields>>>;

/** What parsing makes of it: a field that was left out, or given as undefined, is not there. */
export type Parsed<Fields extends Shape> = Defined<z.output<z.ZodObject<Fields>>>;

// "& {}" has editors and the reference show the fields, each with its doc comment, and not the name of the type.
type Shown<T> = { readonly [Key in keyof T]: T[Key] } & {};
type Defined<T> = { readonly [Key in keyof T]: Exclude<T[Key], undefined> } & {};

/** Parses an object of these fields and no others. */
export interface Part<Fields extends Shape> extends z.ZodType<Parsed<Fields>, Given<Fields>> {}

/** `z.strictObject`, whose own type forgets the doc comments of the fields on its way into a declaration file. */
export function fields<Fields extends Shape>(shape: Fields): z.ZodObject<Fields, z.core.$strict> {
  return z.strictObject(shape) as unknown as z.ZodObject<Fields, z.core.$strict>;
}

/**
 * An object of these fields and no others.
 * @param programOnly  names of those that no file can hold: the JSON Schema leaves them out.
 */
export function part<Fields extends Shape>(shape: Fields, ...programOnly: (keyof Fields & string)[]): Part<Fields> {
  const all = z.strictObject(shape as z.core.$ZodShape);
  const inFile = all.omit(Object.fromEntries(programOnly.map((name) => [name, true])));
  const whole = describedAs(inFile, all).transform(withoutUndefined);
  return whole as unknown as Part<Fields>;
}

function withoutUndefined(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/** An object whose keys are the user's names. Unlike `z.record` it keeps the key "__proto__", for checks to see. */
export function record<Value extends z.ZodType>(
  value: Value,
): z.ZodType<Readonly<Record<string, z.output<Value>>>, Readonly<Record<string, z.input<Value>>>> {
  const schema = z
    .unknown()
    .transform((input) => (z.core.util.isPlainObject(input) ? new Map(Object.entries(input)) : input))
    .pipe(z.map(z.string(), value))
    .transform((map) => Object.fromEntries(map));
  return describedAs(z.record(z.string(), value), schema as unknown as z.ZodType<never, never>);
}

/** A {@link record} whose keys are names: in their normal form, and none twice in it. */
export function named<Value extends z.ZodType>(value: Value): ReturnType<typeof record<Value>> {
  const plain = record(value);
  const schema = z
    .unknown()
    .transform((input, context) => {
      if (!z.core.util.isPlainObject(input)) return input;
      const entries = new Map<string, unknown>();
      for (const [key, item] of Object.entries(input)) {
        const name = nameOf(key);
        const message = "Expected every name once, received this one in another spelling again";
        if (entries.has(name)) context.issues.push({ code: "custom", path: [name], input, message });
        entries.set(name, item);
      }
      return Object.fromEntries(entries);
    })
    .pipe(plain);
  return describedAs(plain, schema as unknown as typeof plain);
}

/** What only a program can give, such as a function. `type` is what an error says was expected. */
export function programOnly<Value>(type: string, isOne: (value: unknown) => boolean): z.ZodType<Value, Value> {
  const schema = z.unknown().check(({ value, issues }) => {
    if (!isOne(value)) issues.push({ code: "invalid_type", expected: type, input: value });
  });
  return schema as z.ZodType<Value, Value>;
}

/** The schema, with the JSON Schema of another: the one for what a file can hold. */
export function describedAs<Schema extends z.ZodType>(inFile: z.ZodType, schema: Schema): Schema {
  schema._zod.processJSONSchema = inFile._zod.processJSONSchema;
  return schema;
}
