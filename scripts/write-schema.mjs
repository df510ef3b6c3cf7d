// Writes dist/task.schema.json, the JSON Schema of task files, from the schema that checks them. Each field is
// described by its doc comment, as an editor shows it to who imports the package; a field without one fails the build.
// Runs after tsc.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { deviceSchema } from "../dist/engine/device.js";
import { specSchema } from "../dist/task/schema.js";
import { describeFields } from "./doc-comments.mjs";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
// Types say that a list may be readonly; in JSON Schema that would mean that nobody may write it.
const override = ({ jsonSchema }) => delete jsonSchema.readOnly;
const { $schema, properties, required, ...rest } = z.toJSONSchema(specSchema, { io: "input", override });
const { $schema: _, ...device } = z.toJSONSchema(deviceSchema, { io: "input", override });
describeFields([
  { schema: { properties }, file: `${dist}task/spec.d.ts`, name: "SynthesisSpec" },
  { schema: device, file: `${dist}engine/device.d.ts`, name: "DeviceOptions" },
]);

const schema = {
  $schema,
  title: "corrsynth task file",
  ...rest,
  properties: {
    $schema: { type: "string", description: "Address of this schema, for editors." },
    teacher: {
      type: "string",
      minLength: 1,
      description: '"demo", the path of a GGUF model, from this file\'s folder, or hf:owner/repo/file.gguf.',
    },
    device: { ...device, description: "Where the model runs." },
    ...properties,
  },
  required: ["teacher", ...required],
};
writeFileSync(`${dist}task.schema.json`, `${JSON.stringify(schema, null, 2)}\n`);
