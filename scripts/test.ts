/**
 * `npm test`: the whole suite. What it needs and cannot find is skipped and said loudly; with REQUIRE_ALL=1 that is a failure.
 * What the demo servers record in the end-to-end tests is then held against the vendors' OpenAPI, as tests that count, and
 * what talks to them most runs once more with their switches the other way (`npm run test:behaviour`: all of it).
 * Arguments go to vitest (`npm test -- cli`). The last line is `N passed, N failed, N skipped`.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { missingChromium } from "./services/chromium.ts";
import { findPostgres } from "./services/postgres.ts";
import { type Counts, countTests, lastLine, ranEndToEnd, sumOf } from "./test-report.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SHARED = join(ROOT, "../shared/data");
/** Titles of tests that need a server; the same tests run on the embedded database too. */
const ON_A_SERVER = "the server database|worker processes|on PostgreSQL";
/** The part of `npm run test:behaviour` that is quick enough for every change. */
const OTHER_BEHAVIOUR = [
  "sandbox/tours",
  "sandbox/store",
  "sandbox/ledger",
  "engine/adapters",
  "test/real-orders",
];

const environment = process.env;
const postgres = await findPostgres(environment.TEST_DATABASE_URL);
const missing = [
  ...("missing" in postgres ? [`PostgreSQL: ${postgres.missing}`] : []),
  ...[missingChromium()].flatMap((why) => (why === undefined ? [] : [`Chromium: ${why}`])),
  ...(existsSync(SHARED) ? [] : ["../shared: real payloads and the vendors' examples"]),
];
sayMissing();
if (missing.length > 0 && environment.REQUIRE_ALL === "1") {
  console.error("REQUIRE_ALL=1 asks for all of it.");
  console.log(lastLine({ passed: 0, failed: missing.length, skipped: 0 }));
  process.exit(1);
}

const args = process.argv.slice(2);
const exchanges = await mkdtemp(join(tmpdir(), "counterfoil-exchanges-"));
const runs: Run[] = [];
try {
  const first = await runVitest(args, { SANDBOX_EXCHANGES: exchanges });
  runs.push(first);
  if (await hasToJudge(first)) runs.push(await runContract());
  if (args.length === 0) runs.push(await runVitest(["--project", "e2e-other", ...OTHER_BEHAVIOUR], {}));
} finally {
  await rm(exchanges, { recursive: true, force: true });
}
sayMissing();
const counts = sumOf(runs.map((run) => run.counts));
console.log(lastLine(counts));
const exit = runs.find((run) => run.exit !== 0)?.exit ?? 0;
process.exitCode = exit === 0 && counts.failed > 0 ? 1 : exit;

type Run = { counts: Counts; exit: number; report?: unknown };

function sayMissing(): void {
  for (const what of missing) console.error(`\n  SKIPPED, NOT FOUND: ${what}\n`);
}

/** A part of the suite may start no demo server; the whole of it must have recorded something, and the judge says so. */
async function hasToJudge({ report }: Run): Promise<boolean> {
  if (!existsSync(SHARED) || report === undefined || !ranEndToEnd(report)) return false;
  return args.length === 0 || (await readdir(exchanges)).length > 0;
}

function runContract(): Promise<Run> {
  return runVitest(["--project", "contract"], {
    CONTRACT_EXCHANGES: exchanges,
    ...(args.length === 0 ? { CONTRACT_WHOLE: "1" } : {}),
  });
}

async function runVitest(given: readonly string[], more: Readonly<Record<string, string>>): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), "counterfoil-test-"));
  const file = join(folder, "report.json");
  const without = "missing" in postgres ? ["--testNamePattern", `^(?!.*(${ON_A_SERVER}))`] : [];
  const vitest = [join(ROOT, "node_modules", "vitest", "vitest.mjs"), "run"];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  try {
    const child = spawn(process.execPath, [...vitest, ...reporters, ...without, ...given], {
      cwd: ROOT,
      stdio: "inherit",
      env: { ...environment, ...("url" in postgres ? { TEST_DATABASE_URL: postgres.url } : {}), ...more },
    });
    const exit = await new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
    const text = await readFile(file, "utf8").catch(() => undefined);
    // Without a report the run broke down before its end, whatever it says.
    if (text === undefined)
      return { counts: { passed: 0, failed: 1, skipped: 0 }, exit: exit === 0 ? 1 : exit };
    const report: unknown = JSON.parse(text);
    return { counts: countTests(report, exit), exit, report };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
