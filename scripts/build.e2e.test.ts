import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { build } from "./build.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const run = promisify(execFile);
const ORDER = join(ROOT, "fixtures", "order.json");
let site: string;
let installed: string;

/** The package as npm would install it: its files below node_modules, its dependencies beside it. */
beforeAll(async () => {
  site = await mkdtemp(join(tmpdir(), "counterfoil-package-"));
  installed = join(site, "node_modules", "counterfoil");
  await mkdir(join(installed, "cli"), { recursive: true });
  await build(join(installed, "dist"));
  await cp(join(ROOT, "cli", "counterfoil.mjs"), join(installed, "cli", "counterfoil.mjs"));
  await cp(join(ROOT, "package.json"), join(installed, "package.json"));
  for (const name of await readdir(join(ROOT, "node_modules"))) {
    await symlink(join(ROOT, "node_modules", name), join(site, "node_modules", name));
  }
}, 180_000);
afterAll(() => rm(site, { recursive: true, force: true }));

const counterfoil = (starter: string, ...args: string[]) =>
  run(process.execPath, [starter, ...args], { cwd: site, maxBuffer: 16 * 1024 * 1024 });

test("the installed package runs emitted JavaScript, without types to strip", async () => {
  const help = await counterfoil(join(installed, "cli", "counterfoil.mjs"), "--help");
  expect(help.stdout).toContain("counterfoil COMMAND");
  expect((await counterfoil(join(installed, "dist", "cli", "main.js"), "--help")).stdout).toBe(help.stdout);
});

test("the package plans an order with the very bytes of the checkout", async () => {
  const [fromPackage, fromCheckout] = await Promise.all([
    counterfoil(join(installed, "cli", "counterfoil.mjs"), "plan", "--order", ORDER),
    counterfoil(join(ROOT, "cli", "counterfoil.mjs"), "plan", "--order", ORDER),
  ]);
  expect(JSON.parse(fromPackage.stdout)).toMatchObject({ status: "planned" });
  expect(fromPackage.stdout).toBe(fromCheckout.stdout);
});

test("what the package needs at run time is in it", async () => {
  const inDist = await readdir(join(installed, "dist"));
  for (const folder of ["migrations", "scenarios", "web", "sandbox", "package.json"])
    expect(inDist).toContain(folder);
});
