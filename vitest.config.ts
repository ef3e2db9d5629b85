import { defineConfig } from "vitest/config";

const exclude = ["**/node_modules/**", "**/dist/**"];
/** Judges what the end-to-end tests have recorded, so it runs after them and never alone (scripts/test.ts). */
const CONTRACT = "test/contract/*.contract.test.ts";
const hasRecorded = process.env.CONTRACT_EXCHANGES !== undefined;
/** What talks to the demo servers, once more with every switch of theirs the other way; only when it is asked for. */
const OTHER_BEHAVIOUR = "e2e-other";
const isOtherBehaviour = process.argv.includes(OTHER_BEHAVIOUR);

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "pure",
          include: ["**/*.test.ts"],
          exclude: [...exclude, "**/*.db.test.ts", "**/*.e2e.test.ts", CONTRACT],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "database",
          include: ["**/*.db.test.ts"],
          exclude,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["**/*.e2e.test.ts"],
          exclude,
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      ...(isOtherBehaviour
        ? [
            {
              test: {
                name: OTHER_BEHAVIOUR,
                include: ["{sandbox,engine}/**/*.e2e.test.ts", "test/real-orders.e2e.test.ts"],
                exclude,
                env: { SANDBOX_BEHAVIOUR: "other" },
                testTimeout: 180_000,
                hookTimeout: 120_000,
                fileParallelism: false,
              },
            },
          ]
        : []),
      ...(hasRecorded
        ? [{ test: { name: "contract", include: [CONTRACT], exclude, testTimeout: 60_000 } }]
        : []),
    ],
  },
});
