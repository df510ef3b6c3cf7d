/** Attributes for a task, proposed by its teacher: AttrPrompt (Yu et al. 2023) without a large model behind an interface. */
import { checkOption } from "../checks/option.js";
import { calling } from "../checks/thrown.js";
import type { Teacher } from "../engine/teacher.js";
import { InvalidConfigError } from "../errors.js";
import { fewgen } from "../methods/methods.js";
import { readSeeds } from "../prompt/seeds.js";
import { checkLabels } from "../run/check-labels.js";
import { attributeProblem } from "../task/prompt-checks.js";
import { type ResolvedSpec, resolveSpec, type SynthesisSpec } from "../task/spec.js";
import { fillTemplate, parseTemplate } from "../task/template.js";
import { normalise } from "../text/normalise.js";
import { uaxWords } from "../text/uax-words.js";
import { type Ask, askWith, begun, formOf } from "./ask.js";
import { chooseValues, type JudgedValue } from "./choose.js";
import { Found, fewest, type ProposedAttributes } from "./found.js";
import { dimensionsQuestion, valuesTemplate } from "./questions.js";

/** How many attributes and values are wanted. */
export interface ProposeOptions {
  /** Attributes: "subtopic" and so many less one that the teacher names, 1..20, default 5; or their names. */
  readonly dimensions?: number | readonly string[] | undefined;
  /** Values of an attribute, or of each of its labels, at most: 2..100, default 10. */
  readonly values?: number | undefined;
  /** Stops between two operations; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called with what is done now, and which share of it, 0..1. */
  readonly onProgress?: ((stage: "dimensions" | "values" | "check", share: number) => void) | undefined;
}

/** The one that every label has values of its own for. */
const subtopic = "subtopic";
/** Answers to each question, whose lists are joined. */
const answers = 2;

/**
 * Has the teacher name attributes in which the texts of a task can differ, and values for them, label by label. Values that its
 * own label check gives to another label are dropped. An attribute whose values tell the labels apart has a list for
 * each, another one for all. The same task, seed and model give the same.
 * @param task  its labels, seeds (some are shown to the teacher), seed and engine are used; nothing is written with it.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for a wrong task or option; and at `teacher` when no attribute has two
 *   values for each label: a larger model is needed, or a person.
 * @example
 * import { proposeAttributes } from "corrsynth";
 * const asked = { dimensions: ["style"], values: 3 };
 * const proposed = await proposeAttributes(teacher, spec, asked).catch(({ message }) => message);
 * console.log(proposed); // of a teacher that can list things: { attributes: { style: [ … ] }, dropped: [ … ], warnings: [] }
 */
export async function proposeAttributes(
  teacher: Teacher,
  task: SynthesisSpec | ResolvedSpec,
  options: ProposeOptions = {},
): Promise<ProposedAttributes> {
  const spec = resolveSpec(task);
  const { signal, onProgress } = options;
  return await propose(spec, options, askWith(teacher, spec), async (question, rows) => {
    const told = (share: number) => onProgress?.("check", share);
    const asked = judgingTask(spec, {
      ...formOf(teacher, spec),
      instruction: `${question}\n`,
      answer: begun,
      shots: 0,
    });
    return await checkLabels(teacher, asked, rows, { signal, onProgress: told });
  });
}

/** Says of each value which label it is taken for, by the question that it answers. */
export type Judge = (
  question: string,
  rows: readonly { readonly text: string; readonly label: string }[],
) => Promise<readonly { readonly label: string }[]>;

/** As {@link proposeAttributes}, with whoever answers and judges, so that tests do without a model. */
export async function propose(spec: ResolvedSpec, options: ProposeOptions, ask: Ask, judge: Judge) {
  const { dimensions, values: most } = resolveOptions(options);
  const { labels } = spec;
  const asking = (stage: "dimensions" | "values") => async (questions: readonly string[], items: number) => {
    const onProgress = (share: number) => calling("onProgress", () => options.onProgress?.(stage, share));
    const found = await ask(questions, { answers, items, signal: options.signal, onProgress });
    return found.map((lists) => unique(lists.flat()));
  };
  const names = typeof dimensions === "number" ? await namesFor(dimensions, spec, asking("dimensions")) : dimensions;
  const templates = names.map((name) => valuesTemplate(name, most + spare));
  const lists = await valuesFor(templates, labels, most + spare, asking("values"));
  const found = new Found(labels, most);
  const wanted = typeof dimensions === "number" ? dimensions : dimensions.length;
  if (names.length < wanted)
    found.warnings.push(`Of ${wanted} attributes the teacher named ${names.length} that can be used`);
  for (const [i, name] of names.entries()) {
    const rows = lists[i]!.flatMap((list, label) => list.map((value) => ({ value, label })));
    const judged = await judgedValues(rows, labels, (texts) => judge(templates[i]!, texts));
    found.add(name, chooseValues(judged, { labels: labels.length, most, isOwn: name === subtopic }));
  }
  return found.result();
}

function resolveOptions({ dimensions = 5, values = 10 }: ProposeOptions) {
  checkOption("values", values, "an integer of 2..100", Number.isInteger(values) && values >= fewest && values <= 100);
  if (typeof dimensions === "number") {
    const isCount = Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= 20;
    checkOption("dimensions", dimensions, "an integer of 1..20, or names", isCount);
    return { dimensions, values };
  }
  const issues = dimensions.flatMap((name, i) =>
    attributeProblem(name).map((issue) => ({ ...issue, path: `dimensions[${i}]` })),
  );
  if (dimensions.length === 0)
    issues.push({ path: "dimensions", message: "Expected at least one name, received none" });
  if (issues.length > 0) throw new InvalidConfigError(issues);
  return { dimensions: unique(dimensions) as readonly string[], values };
}

type AskLists = (questions: readonly string[], items: number) => Promise<string[][]>;

/** Items to ask for beyond those that are wanted, since some cannot be used. */
const spare = 3;

async function namesFor(count: number, { labels, seeds }: ResolvedSpec, ask: AskLists): Promise<readonly string[]> {
  if (count === 1) return [subtopic];
  const pools = seeds === undefined ? [] : await readSeeds(seeds, labels, "seeds");
  const examples = pools.flatMap(([first]) => first?.text ?? []);
  const items = count + spare;
  const [found = []] = await ask([dimensionsQuestion(labels, examples, items)], items);
  const ofLabel = new Set(labels.flatMap(({ name, verbalization }) => [nameFrom(name), nameFrom(verbalization)]));
  const named = found.flatMap((item) => nameFrom(item) ?? []).filter((name) => !ofLabel.has(name));
  return unique([subtopic, ...named]).slice(0, count);
}

/** Words that say what a label is, and not how texts of one differ. */
const ofLabels = ["label", "labels", "class", "category", "attribute", "topic", "topics", "subtopics"];

/** A name for a placeholder of up to three words; undefined of what cannot be one. */
function nameFrom(item: string): string | undefined {
  const words = item.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const name = words.filter((word) => word !== "the" && word !== "of").join("_");
  if (words.length > 3 || ofLabels.includes(name) || attributeProblem(name).length > 0) return undefined;
  return name;
}

/** For each question the values of each label: what only says the question again is none. */
async function valuesFor(
  templates: readonly string[],
  labels: ResolvedSpec["labels"],
  items: number,
  ask: AskLists,
): Promise<string[][][]> {
  const questions = templates.map((template) => {
    const { segments } = parseTemplate(template);
    return labels.map(({ verbalization }) => fillTemplate(segments, new Map([["label", verbalization.trim()]])));
  });
  const lists = await ask(questions.flat(), items);
  return questions.map((ofLabel, i) =>
    ofLabel.map((question, label) => {
      const said = new Set(uaxWords(question));
      return lists[i * labels.length + label]!.filter((value) => !uaxWords(value).every((word) => said.has(word)));
    }),
  );
}

async function judgedValues(
  rows: readonly Omit<JudgedValue, "takenFor">[],
  labels: ResolvedSpec["labels"],
  judge: (texts: readonly { readonly text: string; readonly label: string }[]) => ReturnType<Judge>,
): Promise<JudgedValue[]> {
  if (labels.length === 1 || rows.length === 0) return rows.map((row) => ({ ...row, takenFor: row.label }));
  const numbers = new Map(labels.map(({ name }, label) => [name, label]));
  const judged = await judge(rows.map(({ value, label }) => ({ text: value, label: labels[label]!.name })));
  return rows.map((row, i) => ({ ...row, takenFor: numbers.get(judged[i]!.label)! }));
}

/** A task whose check judges values: how probable each is as an answer to the question of each label. */
function judgingTask({ labels, engine, sampling }: ResolvedSpec, prompt: SynthesisSpec["prompt"]): SynthesisSpec {
  return {
    labels: labels.map(({ name, verbalization }): [string, string] => [name, verbalization]),
    prompt,
    count: labels.length,
    method: fewgen(),
    check: { by: "teacher", form: "channel" },
    sampling: { seed: sampling.seed },
    engine: { threads: engine.threads },
  };
}

/** Each once, whatever its case. */
function unique(texts: readonly string[]): string[] {
  const seen = new Set<string>();
  return texts.filter((text) => {
    const key = normalise(text);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
