// The way into every command that works on a task: read it, check it, load its teacher, and close that again.
import type { ResolvedSpec, Teacher } from "../index.js";
import type { Environment } from "./command.js";
import { modelSource } from "./fetch-model.js";
import type { ProgressMode } from "./paced.js";
import { readTaskFile, type Task } from "./task-file.js";

/** A task that is sound. */
export interface SoundTask extends Task {
  /** Its spec with every default filled in, which every function of the library takes as well. */
  readonly settings: ResolvedSpec;
}

/**
 * Calls `use` with the task in `file` and its teacher. A task with wrong fields or files is refused before its model is
 * fetched or loaded.
 * Errors about fields name the file and, where it is known, the line.
 * @param progress  how the download of an hf: model is shown.
 */
export async function withTask<Result>(
  environment: Environment,
  file: string,
  progress: ProgressMode,
  use: (task: SoundTask, teacher: Teacher) => Promise<Result>,
): Promise<Result> {
  const { library } = environment;
  const task = await readTaskFile(file);
  try {
    const { spec: settings } = await library.checkTask(task.spec, task.device);
    // into the cache, where they are found when they are needed
    for (const source of modelsBeside(settings)) await modelSource(environment, source, progress);
    const teacher = await library.loadTeacher(await modelSource(environment, task.teacher, progress), task.device);
    try {
      return await use({ ...task, settings }, teacher);
    } finally {
      await teacher.close();
    }
  } catch (error) {
    throw task.locate(error);
  }
}

function modelsBeside({ amateur, guide, check }: ResolvedSpec): string[] {
  const embedder = check?.by === "student" ? check.embedder : undefined;
  return [amateur?.model, guide?.model, embedder].filter((source) => source !== undefined);
}
