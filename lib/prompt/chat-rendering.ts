/** A chat template, tried with stand-ins: in which form it takes a chat, and what it prints for one. */
import { standIn } from "./chat-frame.js";
import { TemplateFailure, type TemplateRenderer, type TemplateVariables } from "./template-renderer.js";

/** A chat template, and the marker texts that it may print. */
export interface ChatTemplate {
  /** Jinja source, as `tokenizer.chat_template` of a GGUF has it; "" where there is none. */
  readonly template: string;
  /**
   * Text of the begin-of-sequence token, "" without one. Where the template prints it, the first part begins with it,
   * and the tokeniser must not add another.
   */
  readonly bosToken: string;
  /** Text of the end-of-sequence token, "" without one. */
  readonly eosToken: string;
  /** The file that it was read from, where it is not the model's own. */
  readonly file?: string | undefined;
}

/** A chat to render. */
export interface Chat {
  /** Content of the system message; undefined sends none. */
  readonly system?: string | undefined;
  /** User and assistant turns before the user's last one. */
  readonly turns: number;
  /** "user": with the generation prompt; "assistant": with a turn of the assistant behind it, and without. */
  readonly end?: "user" | "assistant";
  /** Variables beside the messages. */
  readonly variables: TemplateVariables;
}

/** What came of a chat. */
export interface Rendered {
  readonly text: string;
  /** The stand-ins, in the order of the messages. */
  readonly contents: readonly string[];
}

// How a template may want a chat, the usual way first: content as text or in parts, `tools` not there or null.
const forms = [
  { inParts: false, tools: {} },
  { inParts: false, tools: { tools: null } },
  { inParts: true, tools: {} },
  { inParts: true, tools: { tools: null } },
] as const;

/** Renders chats of stand-ins, each time the same ones. */
export class ChatRendering {
  /** Stands for the system message. */
  readonly system = standIn();
  /** Stands for the user's last message. */
  readonly question = standIn();
  /** Stands for what the assistant answers to it. */
  readonly answer = standIn();
  readonly #renderer: TemplateRenderer;
  readonly #tokens: TemplateVariables;
  readonly #examples: string[] = [];
  #form: (typeof forms)[number] = forms[0];

  constructor(renderer: TemplateRenderer, { bosToken, eosToken }: ChatTemplate) {
    this.#renderer = renderer;
    this.#tokens = { bos_token: bosToken, eos_token: eosToken };
  }

  /**
   * Takes the first form in which the template prints the user's message, for all that is rendered from now on.
   * @returns undefined when there is one, else what it does in the usual form.
   * @throws {TemplateFailure} that no form can help.
   */
  async findForm(chat: Chat): Promise<string | undefined> {
    let first: string | undefined;
    for (const form of forms) {
      this.#form = form;
      const found = await this.tryRender(chat);
      if (found instanceof TemplateFailure) first ??= found.message;
      else if (found.text.includes(this.question)) return undefined;
      first ??= "leaves out the user's message";
    }
    return first;
  }

  /** @returns what it prints, or why it does not. @throws {TemplateFailure} that no other chat can help. */
  async tryRender(chat: Chat): Promise<Rendered | TemplateFailure> {
    const messages = this.#messages(chat);
    const parts = (text: string) => (this.#form.inParts ? [{ type: "text", text }] : text);
    try {
      const text = await this.#renderer.render({
        ...this.#form.tools,
        ...chat.variables,
        ...this.#tokens,
        messages: messages.map(([role, content]) => ({ role, content: parts(content) })),
        add_generation_prompt: chat.end !== "assistant",
      });
      return { text, contents: messages.map(([, content]) => content).filter((content) => content !== "") };
    } catch (error) {
      if (error instanceof TemplateFailure && !error.isFinal) return error;
      throw error;
    }
  }

  #messages({ system, turns, end }: Chat): [role: string, content: string][] {
    while (this.#examples.length < 2 * turns) this.#examples.push(standIn());
    return [
      ...(system === undefined ? [] : ([["system", system]] as [string, string][])),
      ...this.#examples
        .slice(0, 2 * turns)
        .map((text, i): [string, string] => [i % 2 === 0 ? "user" : "assistant", text]),
      ["user", this.question],
      ...(end === "assistant" ? ([["assistant", this.answer]] as [string, string][]) : []),
    ];
  }
}
