import { fillChatFrame } from "../../../lib/prompt/chat-frame.js";
import { type ChatWishes, readChatFormat } from "../../../lib/prompt/chat-template.js";

/** A template that takes any turns. */
export const turns =
  "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";

/** What a template makes of the question "Ask" with the answer prefix "Text:", and all that is said of it. */
export async function format(template: string, wishes: Partial<ChatWishes> = {}) {
  const { frames, notes, warnings } = await readChatFormat(
    { template, bosToken: "<s>", eosToken: "</s>" },
    { turns: [0], hasAnswer: false, ...wishes },
  );
  const contents = wishes.system ? ["Be brief.", "Ask", "Text:"] : ["Ask", "Text:"];
  const text = fillChatFrame(frames.get(0) ?? [], contents)
    .map((part) => part.text)
    .join("");
  return { text, remarks: [...notes, ...warnings], frames };
}
