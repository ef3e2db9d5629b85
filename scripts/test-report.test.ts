import { expect, test } from "vitest";
import { countTests, lastLine, ranEndToEnd, sumOf } from "./test-report.ts";

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

test("two runs are counted as one", () => {
  const runs = [
    { passed: 7, failed: 0, skipped: 2 },
    { passed: 3, failed: 1, skipped: 1 },
  ];
  expect(lastLine(sumOf(runs))).toBe("10 passed, 1 failed, 3 skipped");
});

test.each([
  ["store.e2e.test.ts", "passed", true],
  ["store.e2e.test.ts", "failed", true],
  ["store.e2e.test.ts", "pending", false],
  ["store.test.ts", "passed", false],
])("%s with a test that %s tells whether demo servers may have been asked", (name, status, isEndToEnd) => {
  expect(ranEndToEnd({ testResults: [{ name: `/a/${name}`, assertionResults: [{ status }] }] })).toBe(
    isEndToEnd,
  );
});
