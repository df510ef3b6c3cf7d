// Writes dist/task.schema.json, the JSON Schema of task files, from the schema that checks them. Runs after tsc.
import { writeFileSync } from "node:fs";
import { z } from "zod";
import { deviceSchema } from "../dist/engine/device.js";
import { specSchema } from "../dist/task/schema.js";

const { $schema, properties, required, ...rest } = z.toJSONSchema(specSchema, { io: "input" });
const { $schema: _, ...device } = z.toJSONSchema(deviceSchema, { io: "input" });
const schema = {
  $schema,
  title: "corrsynth task file",
  ...rest,
  properties: {
    $schema: { type: "string", description: "Address of this schema, for editors" },
    teacher: {
      type: "string",
      minLength: 1,
      description: '"demo", the path of a GGUF model, from this file\'s folder, or hf:owner/repo/file.gguf',
    },
    device: { ...device, description: "Where the model runs; default all GPUs that are found, else the CPU" },
    ...properties,
  },
  required: ["teacher", ...required],
};
writeFileSync(new URL("../dist/task.schema.json", import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
