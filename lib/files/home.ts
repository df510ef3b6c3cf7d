// "~" in paths that no shell has read: those of task files, of options given as --out=~/run, and of programs.
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * A path with the home directory in place of a leading "~" that stands alone or before a separator. "~name" and a "~"
 * elsewhere stay as they are; a folder of that name is "./~".
 * @example
 * import { expandHome } from "corrsynth/io";
 * console.log(expandHome("~/models/a.gguf", "/home/me")); // /home/me/models/a.gguf
 */
export function expandHome(path: string, home = homedir()): string {
  return /^~(?=$|[/\\])/.test(path) ? join(home, path.slice(1)) : path;
}
