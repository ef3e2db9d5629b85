import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fileFaults, listFiles, tidy } from "./tidy.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
let tree: string;

beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), "counterfoil-tidy-"));
});
afterEach(() => rm(tree, { recursive: true, force: true }));

async function plant(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true });
  await writeFile(join(tree, path), text);
}

const messages = (path: string, text: string): string[] =>
  fileFaults(path, text).map(({ message }) => message);

test("a planted import from the core upwards is caught, and its line is named", async () => {
  await plant(
    "engine/core/plan.ts",
    'import { z } from "zod";\nimport { fetchOrder } from "../sync/observe.ts";\n',
  );
  await plant("engine/core/money.ts", 'export const ok = "../sync is only a text here";\n');
  const faults = await tidy(tree, ["engine/core/plan.ts", "engine/core/money.ts"]);
  expect(faults).toEqual([
    { path: "engine/core/plan.ts", line: 2, message: 'core may not import sync: "../sync/observe.ts"' },
  ]);
});

test.each([
  ["engine/core/a.ts", 'import { readFile } from "node:fs/promises";', "core imports zod only"],
  ["engine/core/a.ts", 'export * from "../ports.ts";', "core may not import ports"],
  ["engine/core/a.ts", 'export type T = import("../ports.ts").Clock;', "core may not import ports"],
  ["engine/sync/a.ts", 'import { x } from "../adapters/xero/ledger.ts";', "sync may not import adapters"],
  ["engine/sync/a.ts", 'const x = await import("../index.ts");', "sync may not import door"],
  ["engine/adapters/xero/a.ts", 'import { x } from "../magento/json.ts";', "xero imports magento"],
  ["tools/a.ts", 'import { createEngine } from "../engine/index.ts";', "tools may not import door"],
  ["api/a.ts", 'import { loop } from "../agent/loop.ts";', "api may not import agent"],
  ["cli/a.ts", 'import { store } from "../sandbox/store/main.ts";', "cli may not import sandbox"],
  [
    "sandbox/store/a.ts",
    'import { parse } from "../../engine/core/money.ts";',
    "sandbox may not import core",
  ],
  ["web/a.tsx", 'import { never } from "../engine/core/assert.ts";', "types of core only"],
  ["tools/a.ts", 'import { x } from "./define.test.ts";', "nobody imports a test"],
])("%s: %s is refused", (path, text, fault) => {
  expect(messages(path, text)).toContainEqual(expect.stringContaining(fault));
});

test.each([
  ["engine/core/a.ts", 'import { z } from "zod";\nimport { never } from "./assert.ts";'],
  [
    "engine/core/a.test.ts",
    'import { test } from "vitest";\nimport { createOrder } from "../../sandbox/store/cart.ts";',
  ],
  ["engine/adapters/xero/a.ts", 'import { x } from "./b.ts";\nimport { y } from "../../core/money.ts";'],
  ["engine/index.ts", 'import { createSync } from "./sync/index.ts";'],
  ["web/a.tsx", 'import type { Status } from "../engine/api.ts";'],
  [
    "cli/a.ts",
    'import { createApp } from "../api/app.ts";\nimport { createEngine } from "../engine/index.ts";',
  ],
])("%s may import what its layer sees", (path, text) => {
  expect(messages(path, text)).toEqual([]);
});

test.each([
  "Date.now()",
  "new Date()",
  "Math.random()",
  'process["env"].HOME',
  "console.log(1)",
  'fetch("x")',
  "crypto.randomUUID()",
  '"a".localeCompare("b")',
])("the core stays pure: %s is caught", (use) => {
  expect(messages("engine/core/a.ts", `export const x = () => ${use};`)).toContainEqual(
    expect.stringContaining("engine/core is pure"),
  );
});

test("an instant that came in as an argument may be read in the core", () => {
  expect(
    messages("engine/core/a.ts", "export const day = (ms: number) => new Date(ms).toISOString();"),
  ).toEqual([]);
});

test("the environment is read at the door only", () => {
  for (const text of ["export const key = process.env.KEY;", "const { env } = process;"]) {
    expect(messages("cli/owner/start.ts", text)).toContainEqual(expect.stringContaining("process.env"));
    expect(messages("cli/main.ts", text)).toEqual([]);
    expect(messages("sandbox/store/main.ts", text)).toEqual([]);
  }
});

test("a file of 401 lines and a function of 71 are too long; one less is not", () => {
  const file = (lines: number) => "// why\n".repeat(lines);
  expect(messages("tools/a.ts", file(401))).toEqual(["401 lines; at most 400"]);
  expect(messages("tools/a.ts", file(400))).toEqual([]);
  const body = (lines: number) => `export function plan() {\n${"  // {\n".repeat(lines - 2)}}\n`;
  expect(messages("tools/a.ts", body(71))).toEqual(["function plan has 71 lines; at most 70"]);
  expect(messages("tools/a.ts", body(70))).toEqual([]);
  expect(messages("tools/a.test.ts", body(71))).toEqual([]);
});

test("names that say nothing and things of one machine are caught", () => {
  expect(messages("tools/money-utils.ts", "export const x = 1;")).toEqual([
    '"money-utils.ts" does not say what is in it',
  ]);
  expect(messages("tools/a.ts", "export class SyncManager {}")).toContainEqual(
    expect.stringContaining("SyncManager"),
  );
  // Put together here, so that this file itself has none.
  const path = ["", "home", "someone", "counterfoil"].join("/");
  expect(messages("README.md", `Run it in ${path}.`)).toEqual([
    `an absolute path of one machine: ${path.slice(0, 13)}`,
  ]);
  const host = ["https://registry", "example", "com"].join(".");
  expect(messages("package-lock.json", `"resolved": "${host}/zod.tgz"`)).toHaveLength(1);
  expect(messages("README.md", "See https://example.com/work/here and ./work/it.")).toEqual([]);
});

test("Biome has the same walls: a planted import is an error there as well", async () => {
  await copyFile(join(ROOT, "biome.json"), join(tree, "biome.json"));
  await plant(".gitignore", "node_modules/\n");
  await plant(
    "engine/core/plan.ts",
    'import { observe } from "../sync/observe.ts";\nexport const x = observe;\n',
  );
  await plant(
    "engine/core/fine.ts",
    'import { z } from "zod";\nimport { x } from "./plan.ts";\nexport const y = z.literal(x);\n',
  );
  await plant(
    "engine/core/fine.test.ts",
    'import { observe } from "../sync/observe.ts";\nexport const x = observe;\n',
  );
  await plant(
    "sandbox/ledger/a.ts",
    'import { never } from "../../engine/core/assert.ts";\nexport const x = never;\n',
  );
  const report = await lint(tree);
  const walls = report.diagnostics.filter(({ category }) => category === "lint/style/noRestrictedImports");
  expect(walls.map(({ location }) => location.path).sort()).toEqual([
    "engine/core/plan.ts",
    "sandbox/ledger/a.ts",
  ]);
}, 30_000);

type Report = { diagnostics: { category: string; location: { path: string } }[] };

/** Biome says what it found and exits with 1: both are what we look for. */
function lint(cwd: string): Promise<Report> {
  const biome = join(ROOT, "node_modules", "@biomejs", "biome", "bin", "biome");
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [biome, "lint", "--reporter=json", "."], { cwd }, (error, stdout, stderr) => {
      if (error === null) reject(new Error(`Biome found nothing. ${stderr}`));
      else resolve(JSON.parse(stdout) as Report);
    });
  });
}

test("files are those that git tracks or could track", async () => {
  const paths = await listFiles(ROOT);
  expect(paths).toContain("scripts/tidy.ts");
  expect(paths.some((path) => path.startsWith("node_modules/"))).toBe(false);
});
