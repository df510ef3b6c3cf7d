/** A model's own chat template (Jinja) around our texts: tried out once, then filled in for every prompt of a run. */
import { InvalidConfigError } from "../errors.js";
import { turnBegin } from "./assistant-turn.js";
import { type ChatFrame, chatFrame } from "./chat-frame.js";
import { type Chat, ChatRendering, type ChatTemplate, type Rendered } from "./chat-rendering.js";
import { ownText, shown } from "./own-text.js";
import { openReasoning, reasoningSwitches } from "./reasoning.js";
import { TemplateFailure, TemplateRenderer, type TemplateVariables } from "./template-renderer.js";

/** What a task asks of a template. */
export interface ChatWishes {
  /** Whether there is a system message; "" sends none and asks for none. */
  readonly system?: string | undefined;
  /** Examples that are turns, of each kind of prompt that comes up. */
  readonly turns: Iterable<number>;
  /** Whether there is an answer prefix. */
  readonly hasAnswer: boolean;
  readonly templateArguments?: TemplateVariables | undefined;
}

/** A template as a run uses it. */
export interface ChatFormat {
  /** By number of turns. */
  readonly frames: ReadonlyMap<number, ChatFrame>;
  /** What was done of itself, and what the template adds to the prompts. */
  readonly notes: readonly string[];
  /** What a person should change, or know before the run. */
  readonly warnings: readonly string[];
}

const useRaw = 'use format "raw", or give another with prompt.template';
const moveSystem = 'put its text into "instruction"';
const asText = 'set prompt.examples to "text"';

/**
 * Renders a chat template once for each number of turns, and a few times more to find out what it knows.
 * @throws {InvalidConfigError} `prompt.format` (`prompt.template` for a file) when the template fails, goes beyond a
 *   limit of time, memory or length, or leaves out the user's text; `prompt.system` when it takes no system message;
 *   `prompt.examples` when it takes no turns.
 */
export async function readChatFormat(chat: ChatTemplate, wishes: ChatWishes): Promise<ChatFormat> {
  try {
    await using renderer = new TemplateRenderer(chat.template);
    return await new FormatReader(chat, wishes, new ChatRendering(renderer, chat)).read();
  } catch (error) {
    if (!(error instanceof TemplateFailure)) throw error;
    throw refused(chat, "prompt.format", error.message, useRaw, error);
  }
}

class FormatReader {
  readonly #notes: string[] = [];
  readonly #warnings: string[] = [];
  readonly #given: TemplateVariables;

  constructor(
    readonly template: ChatTemplate,
    readonly wishes: ChatWishes,
    readonly rendering: ChatRendering,
  ) {
    this.#given = wishes.templateArguments ?? {};
  }

  async read(): Promise<ChatFormat> {
    const { rendering, wishes } = this;
    const asked = { system: wishes.system ? rendering.system : undefined, turns: 0, variables: this.#given };
    await this.#findForm(asked);
    const switched = { ...asked, variables: await this.#switchReasoningOff(asked) };
    const chat = { ...switched, system: await this.#systemOf(switched) };
    const base = await this.#render(chat);
    const begin = turnBegin(base.text, await this.#ownTurn(chat), {
      hasAnswer: wishes.hasAnswer,
      isChosen: this.#choosesReasoning(),
    });
    if (begin.note !== undefined) this.#notes.push(begin.note);
    if (begin.warning !== undefined) this.#warnings.push(begin.warning);
    const frames = new Map<number, ChatFrame>();
    for (const turns of new Set(wishes.turns)) {
      const { text, contents } = await this.#render({ ...chat, turns });
      const whole = text.slice(0, text.endsWith(begin.cut) ? text.length - begin.cut.length : undefined) + begin.add;
      frames.set(turns, [...chatFrame(whole, contents), { hole: contents.length, before: begin.before, after: "" }]);
      this.#warnOfReasoning(whole);
    }
    await this.#warnOfIgnored({ ...chat, turns: Math.max(...frames.keys()) });
    return { frames, notes: this.#notes, warnings: [...new Set(this.#warnings)] };
  }

  async #findForm(chat: Chat): Promise<void> {
    const problem = await this.rendering.findForm(chat);
    if (problem === undefined) return;
    // Some templates refuse a system message by raising an exception: then it is the system message that must go.
    if (chat.system !== undefined && (await this.rendering.findForm({ ...chat, system: undefined })) === undefined) {
      throw refused(this.template, "prompt.system", `takes no system message: it ${problem}`, moveSystem);
    }
    throw refused(this.template, "prompt.format", problem, useRaw);
  }

  #choosesReasoning(): boolean {
    return reasoningSwitches.some(({ name }) => Object.hasOwn(this.#given, name));
  }

  // A switch is what makes the prompts differ when it is on and when it is off.
  async #switchReasoningOff(chat: Chat): Promise<TemplateVariables> {
    if (this.#choosesReasoning()) return this.#given;
    const { text } = await this.#render(chat);
    const textWith = async (name: string, value: unknown) =>
      (await this.#tryText({ ...chat, variables: { ...this.#given, [name]: value } })) ?? text;
    for (const { name, on, off } of reasoningSwitches) {
      const without = await textWith(name, off);
      if (without === text || without === (await textWith(name, on))) continue;
      this.#notes.push(
        `Reasoning is switched off: the chat template is given ${name} ${JSON.stringify(off)}; ` +
          `prompt.templateArguments.${name} decides otherwise`,
      );
      return { ...this.#given, [name]: off };
    }
    return this.#given;
  }

  // The system message to send: with "", none, or an empty one where the template would put a text of its own in its
  // place.
  async #systemOf(chat: Chat): Promise<string | undefined> {
    const { system } = this.wishes;
    const own = this.#ownText(await this.#render(chat));
    if (own === "") return chat.system;
    if (system) {
      this.#notes.push(`The chat template puts a text of its own beside prompt.system: ${shown(own)}`);
      return chat.system;
    }
    const other = system === "" ? "" : this.rendering.system;
    const rendered = await this.rendering.tryRender({ ...chat, system: other });
    const isReplaced = !(rendered instanceof TemplateFailure) && this.#ownText(rendered) === "";
    if (system === "") {
      if (isReplaced) return "";
      this.#warnings.push(
        `The chat template puts a text of its own into the prompts, whatever prompt.system is: ${shown(own)}`,
      );
    } else {
      const remedy = isReplaced ? 'prompt.system replaces it, "" leaves it out' : "prompt.system does not replace it";
      this.#notes.push(`The chat template puts a text of its own before the instruction: ${shown(own)}; ${remedy}`);
    }
    return undefined;
  }

  #ownText({ text }: Rendered): string {
    const { system, question } = this.rendering;
    return ownText(text.slice(0, text.indexOf(question)).replaceAll(system, "\n"));
  }

  // The prompt with the beginning of an assistant's turn as the template writes one.
  async #ownTurn(chat: Chat): Promise<string | undefined> {
    const text = await this.#tryText({ ...chat, end: "assistant" });
    const end = text?.indexOf(this.rendering.answer) ?? -1;
    return end < 0 ? undefined : text?.slice(0, end);
  }

  #warnOfReasoning(prompt: string): void {
    const tag = openReasoning(prompt);
    if (tag === undefined) return;
    const remedy = this.wishes.hasAnswer ? "" : "; with prompt.answer, the assistant's turn begins without it";
    this.#warnings.push(
      `The prompts end in an open reasoning tag (${tag}), so each row begins with reasoning${remedy}`,
    );
  }

  // An argument may say what is so anyway: it is ignored when the prompts are the same without it and with another
  // value.
  async #warnOfIgnored(chat: Chat): Promise<void> {
    const text = await this.#tryText(chat);
    for (const [name, value] of Object.entries(this.#given)) {
      const { [name]: _, ...without } = chat.variables;
      const other = { ...without, [name]: typeof value === "boolean" ? !value : null };
      if ((await this.#tryText({ ...chat, variables: without })) !== text) continue;
      if ((await this.#tryText({ ...chat, variables: other })) !== text) continue;
      this.#warnings.push(
        `The chat template ignores prompt.templateArguments.${name}: the prompts are the same without it`,
      );
    }
  }

  async #tryText(chat: Chat): Promise<string | undefined> {
    const rendered = await this.rendering.tryRender(chat);
    return rendered instanceof TemplateFailure ? undefined : rendered.text;
  }

  async #render(chat: Chat): Promise<Rendered> {
    const rendered = await this.rendering.tryRender(chat);
    if (rendered instanceof TemplateFailure) {
      if (chat.turns === 0) throw refused(this.template, "prompt.format", rendered.message, useRaw, rendered);
      throw refused(
        this.template,
        "prompt.examples",
        `takes no examples as turns: it ${rendered.message}`,
        asText,
        rendered,
      );
    }
    if (chat.system && !rendered.text.includes(chat.system)) {
      throw refused(this.template, "prompt.system", "leaves out the system message", moveSystem);
    }
    // the system message may stand anywhere: some templates put it into the user's last turn
    const turns = rendered.contents.filter((content) => content !== chat.system);
    const places = turns.map((content) => rendered.text.indexOf(content));
    if (places.some((place, i) => place < (places[i - 1] ?? 0))) {
      throw refused(this.template, "prompt.examples", "leaves out the examples' turns, or changes their order", asText);
    }
    return rendered;
  }
}

function refused(chat: ChatTemplate, field: string, what: string, remedy: string, cause?: unknown): InvalidConfigError {
  const path = chat.file !== undefined && field === "prompt.format" ? "prompt.template" : field;
  const name = chat.file === undefined ? "The model's chat template" : `The chat template "${chat.file}"`;
  return new InvalidConfigError(
    [{ path, message: `${name} ${what}: ${remedy}` }],
    cause === undefined ? {} : { cause },
  );
}
