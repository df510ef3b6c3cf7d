import { loadTeacher } from "corrsynth";

const teacher = await loadTeacher("demo");
console.log("loaded");
await teacher.close();
