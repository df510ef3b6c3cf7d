// The way into every command that works on a task: read it, check it, load its teacher, and close that again.
import type { Teacher } from "../index.js";
import type { Environment } from "./command.js";
import { modelSource } from "./fetch-model.js";
import type { ProgressMode } from "./paced.js";
import { readTaskFile, type Task } from "./task-file.js";

/**
 * Calls `use` with the task in `file` and its teacher. A task with wrong fields is refused before its model is loaded.
 * Errors about fields name the file and, where it is known, the line.
 * @param progress  how the download of an hf: model is shown.
 */
export async function withTask<Result>(
  environment: Environment,
  file: string,
  progress: ProgressMode,
  use: (task: Task, teacher: Teacher) => Promise<Result>,
): Promise<Result> {
  const { library } = environment;
  const task = await readTaskFile(file);
  try {
    library.resolveSpec(task.spec);
    const teacher = await library.loadTeacher(await modelSource(environment, task.teacher, progress), task.device);
    try {
      return await use(task, teacher);
    } finally {
      await teacher.close();
    }
  } catch (error) {
    throw task.locate(error);
  }
}
