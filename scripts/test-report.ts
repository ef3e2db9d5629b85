/** Counts of vitest's JSON report. */
import { z } from "zod";

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

export type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };

/** A file that could not be loaded counts as one failed test, and so does a run that failed although no test did. */
export function countTests(report: unknown, exit: number): Counts {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = Report.parse(report);
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  ).length;
  const failed = numFailedTests + broken;
  return {
    passed: numPassedTests,
    failed: failed === 0 && exit !== 0 ? 1 : failed,
    skipped: numPendingTests + numTodoTests,
  };
}

export const lastLine = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

export const sumOf = (runs: readonly Counts[]): Counts => ({
  passed: runs.reduce((sum, { passed }) => sum + passed, 0),
  failed: runs.reduce((sum, { failed }) => sum + failed, 0),
  skipped: runs.reduce((sum, { skipped }) => sum + skipped, 0),
});

const Files = z.object({
  testResults: z.array(
    z.object({ name: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

/** Whether an end-to-end test ran, so that demo servers may have recorded something. */
export const ranEndToEnd = (report: unknown): boolean =>
  Files.parse(report).testResults.some(
    ({ name, assertionResults }) =>
      name.endsWith(".e2e.test.ts") &&
      assertionResults.some(({ status }) => status === "passed" || status === "failed"),
  );
