import { defineConfig } from "vitest/config";

// What takes cores, memory or time by its nature runs one file after the other; what asks functions, one a core.
const files = ["lib", "rows", "report", "scripts", "docs", "cases", "cli"].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);

export default defineConfig({
  test: {
    pool: "forks",
    env: { CORRSYNTH_VECTOR_CACHE: "off" }, // tests leave nothing in the home, and find nothing there
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxConcurrency: 2, // of tests that say that they may run beside others of their file
    reporters: process.env.CI ? ["default", ["json", { outputFile: ".cmake/vitest.json" }]] : ["default"],
    projects: [
      { extends: true, test: { name: "together", include: files, maxWorkers: 2, sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: {
          name: "alone",
          include: ["test/**/*.test.ts"],
          exclude: files,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
