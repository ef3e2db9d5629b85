import { expect, test } from "vitest";
import { countTests, lastLine } from "./test-report.ts";

const report = { numPassedTests: 7, numFailedTests: 0, numPendingTests: 2, numTodoTests: 1, testResults: [] };

test("the last line counts what passed, failed and was skipped", () => {
  expect(lastLine(countTests(report, 0))).toBe("7 passed, 0 failed, 3 skipped");
});

test("a file that could not be loaded is a failure, not silence", () => {
  const broken = { ...report, testResults: [{ status: "failed", assertionResults: [] }] };
  expect(countTests(broken, 1).failed).toBe(1);
});

test("a run that ends badly is a failure although every test passed", () => {
  expect(countTests(report, 1).failed).toBe(1);
});

test("a failed test is counted once", () => {
  const failed = {
    ...report,
    numFailedTests: 1,
    testResults: [{ status: "failed", assertionResults: [{}] }],
  };
  expect(countTests(failed, 1).failed).toBe(1);
});
