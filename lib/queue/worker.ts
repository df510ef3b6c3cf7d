/** A worker: makes the groups of a run's jobs with its teacher. */

import type { Teacher } from "../engine/teacher.js";
import { RowJudge } from "../run/judge.js";
import { makeGroups } from "../run/make-groups.js";
import { prepare } from "../run/prepare.js";
import { versions } from "../store/describe-run.js";
import { checkWorker, unpackRecord } from "./record.js";
import { type Worked, type WorkOptions, workWith } from "./work-loop.js";

/**
 * Works on a run until its dataset is whole. Any number of processes may, on any number of machines: which of them makes a group
 * does not change it. A job whose worker dies is given to another; a server that goes away is waited for.
 * @param teacher  that the run was enqueued with, by SHA-256.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, before the first job, when model or versions are others, with both values.
 * @throws {QueueError} CORRSYNTH_QUEUE when the server refuses, or knows no such run.
 * @throws the error of the last job when three failed one after the other; and the signal's reason.
 */
export async function work(teacher: Teacher, options: WorkOptions): Promise<Worked> {
  return await workWith(options, async (packed) => {
    const { record, spec } = await unpackRecord(packed, options.name);
    const identity = { teacher: { path: teacher.info.path, sha256: await teacher.sha256() }, versions: versions() };
    checkWorker(options.name, record, identity);
    const prepared = await prepare(teacher, spec, { groups: () => record.groupsPerJob });
    for (const text of prepared.warnings) options.onEvent?.({ type: "warning", text });
    const judge = new RowJudge(prepared);
    return {
      make: (range, signal, onTokens) => makeGroups(teacher, prepared, judge, range, { signal, onTokens }),
      attempts: record.attempts,
    };
  });
}
