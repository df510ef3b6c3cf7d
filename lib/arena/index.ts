/**
 * Which recipe makes the better classifier on one's own task and model: arms, their runs, students at equal cost.
 * @module corrsynth/arena
 */
import "../checks/installed.js";

export { type ArenaResult, arena } from "./arena.js";
export type { Arm, ArmInput } from "./arm.js";
export type { PrimaryMeasure, RowFigures, StudentScores } from "./measure.js";
export type { ArenaOptions, ArenaRun, ArenaSettings, TuneOptions } from "./options.js";
export type { ArenaRecord, SeedsAlone, TestSet, Winner } from "./record.js";
export type { FailedArm } from "./runs.js";
export { type ArmSet, armSets } from "./shipped.js";
export type { Gain } from "./statistics.js";
export { type ArenaStatus, type ArmStatus, arenaStatus, hasArena } from "./status.js";
export type { ArmLine, EqualBy, RunFigures, SeedMean } from "./tables.js";
export { type Tuned, tune } from "./tune.js";
