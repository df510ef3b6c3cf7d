// Chat templates of real models, spoiled: each is rendered, or it is said why not, in its process and within its limits.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { TemplateFailure, TemplateRenderer } from "../../dist/prompt/template-renderer.js";
import { mutated } from "../lifetime/fuzz-mutations.mjs";
import { told } from "./told.mjs";

const folder = fileURLToPath(new URL("../lib/prompt/templates/", import.meta.url));
const templates = readdirSync(folder).map((name) => readFileSync(`${folder}${name}`));
const pieces = [
  "{% for i in range(1000000000) %}x{% endfor %}",
  "{{ 'x' * 100000000 }}",
  "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
  "{{ messages.__proto__.constructor.constructor('return process')() }}",
  "{% set ns = namespace(a=[]) %}{% for i in range(100000) %}{% set ns.a = ns.a + [ns.a] %}{% endfor %}",
];
const messages = [
  { role: "system", content: "S" },
  { role: "user", content: "U" },
];

export async function open() {
  return {
    attempt: async (random) => {
      const whole = mutated(templates[random(templates.length)], random).toString("utf8");
      const at = random(whole.length);
      const source = random(8) === 0 ? whole.slice(0, at) + pieces[random(pieces.length)] + whole.slice(at) : whole;
      return await told(async () => {
        const renderer = new TemplateRenderer(source);
        try {
          await renderer.render({ messages, add_generation_prompt: true, bos_token: "<s>", eos_token: "</s>" });
        } finally {
          await renderer[Symbol.asyncDispose]();
        }
      }, TemplateFailure);
    },
  };
}
