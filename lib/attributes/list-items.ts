/** The items of a list that a language model wrote, whatever it wrote around them. */

/** Words and characters of an item at most. */
const [mostWords, mostCharacters] = [6, 60];

const marker = /^\s*(?:[-*•–—]+|\(?\d{1,3}\s*[.):])\s*/;
/** What explains an item: behind a dash, a colon, an arrow or in brackets. */
const explanation = /\s*(?:\s[-–—]+\s|:\s|:$|\s?[-=]>|\s\(|\s\[).*$/su;
const around = /^[\s"'“”‘’«»„`*_.,;:!?-]+|[\s"'“”‘’«»„`*_.,;:!?-]+$/gu;

/**
 * Reads items from an answer, each once, in its order: of lines with numbers or bullets where there are any, else of all; of a
 * single line, what stands between its commas. Marks, quotes and explanations behind an item are taken off. What is no name
 * of something is left out: more than six words or sixty characters, no letter, commas, brackets, addresses, control characters.
 * @param answer  with the number that began it, where one did.
 * @param isCut  the answer reached its token limit: its last line may be half an item.
 */
export function listItems(answer: string, isCut: boolean): string[] {
  const all = answer.split(/\r\n|[\n\r\u2028\u2029]/).filter((line) => line.trim() !== "");
  const lines = isCut && all.length > 1 ? all.slice(0, -1) : all;
  const marked = lines.filter((line) => marker.test(line));
  const used = marked.length > 0 ? marked : lines;
  const [first = ""] = used;
  const parts = used.length === 1 && first.split(/[,;]/).length > 2 ? first.split(/[,;]/) : used;
  const seen = new Set<string>();
  return parts.flatMap((part) => {
    const item = cleanItem(part);
    const key = item?.toLowerCase();
    if (item === undefined || seen.has(key!)) return [];
    seen.add(key!);
    return [item];
  });
}

function cleanItem(line: string): string | undefined {
  // a line that goes on for long is none, and is not looked at any closer
  if (line.length > 1000) return undefined;
  const bare = line
    .normalize("NFC")
    .replace(marker, "")
    .replace(/\*\*|__|`/g, "");
  const item = bare.replace(explanation, "").replace(around, "").replace(/\s+/gu, " ");
  if (item.length > mostCharacters || item.split(" ").length > mostWords || !/\p{L}/u.test(item)) return undefined;
  return /[,;\p{Cc}\p{Cf}<>{}[\]|\\/@#]|https?:/u.test(item) ? undefined : item;
}
