/**
 * `npm test`: the whole suite. What it needs and cannot find is skipped and said loudly; with REQUIRE_ALL=1 that is a failure.
 * Arguments go to vitest (`npm test -- cli`). The last line is `N passed, N failed, N skipped`.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { missingChromium } from "./services/chromium.ts";
import { findPostgres } from "./services/postgres.ts";
import { type Counts, countTests, lastLine } from "./test-report.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** Titles of tests that need a server; the same tests run on the embedded database too. */
const ON_A_SERVER = "the server database|worker processes|on PostgreSQL";

const environment = process.env;
const postgres = await findPostgres(environment.TEST_DATABASE_URL);
const missing = [
  ...("missing" in postgres ? [`PostgreSQL: ${postgres.missing}`] : []),
  ...[missingChromium()].flatMap((why) => (why === undefined ? [] : [`Chromium: ${why}`])),
  ...(existsSync(join(ROOT, "../shared/data")) ? [] : ["../shared: real payloads and the vendors' examples"]),
];
sayMissing();
if (missing.length > 0 && environment.REQUIRE_ALL === "1") {
  console.error("REQUIRE_ALL=1 asks for all of it.");
  console.log(lastLine({ passed: 0, failed: missing.length, skipped: 0 }));
  process.exit(1);
}

const { counts, exit } = await runVitest(process.argv.slice(2));
sayMissing();
console.log(lastLine(counts));
process.exitCode = exit === 0 && counts.failed > 0 ? 1 : exit;

function sayMissing(): void {
  for (const what of missing) console.error(`\n  SKIPPED, NOT FOUND: ${what}\n`);
}

async function runVitest(args: readonly string[]): Promise<{ counts: Counts; exit: number }> {
  const folder = await mkdtemp(join(tmpdir(), "counterfoil-test-"));
  const report = join(folder, "report.json");
  const without = "missing" in postgres ? ["--testNamePattern", `^(?!.*(${ON_A_SERVER}))`] : [];
  const vitest = [join(ROOT, "node_modules", "vitest", "vitest.mjs"), "run"];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  try {
    const child = spawn(process.execPath, [...vitest, ...reporters, ...without, ...args], {
      cwd: ROOT,
      stdio: "inherit",
      env: { ...environment, ...("url" in postgres ? { TEST_DATABASE_URL: postgres.url } : {}) },
    });
    const exit = await new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
    const text = await readFile(report, "utf8").catch(() => undefined);
    // Without a report the run broke down before its end, whatever it says.
    if (text === undefined)
      return { counts: { passed: 0, failed: 1, skipped: 0 }, exit: exit === 0 ? 1 : exit };
    return { counts: countTests(JSON.parse(text), exit), exit };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
