// The way into every command that works on a task: read it, check it, load its teacher, and close that again.
import { modelsBeside, type ResolvedSpec, type Teacher } from "../index.js";
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
    const teacher = await loadTeacherOf(environment, task, settings, progress);
    try {
      return await use({ ...task, settings }, teacher);
    } finally {
      await teacher.close();
    }
  } catch (error) {
    throw task.locate(error);
  }
}

/**
 * The teacher of a task that is sound. Models that it names beside it are fetched, too, into the cache, where they are found
 * when they are needed.
 * @param progress  how downloads are shown.
 */
export async function loadTeacherOf(
  environment: Environment,
  { teacher, device }: Task,
  settings: ResolvedSpec,
  progress: ProgressMode,
): Promise<Teacher> {
  const { library } = environment;
  const path = await modelSource(environment, teacher, progress);
  for (const source of Object.values(modelsBeside(settings))) await modelSource(environment, source, progress);
  return await library.loadTeacher(path, device);
}
