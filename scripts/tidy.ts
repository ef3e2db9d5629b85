/**
 * `npm run check` runs this after the compiler and Biome: layers, purity of the core, sizes, names, and nothing of one
 * machine in a tracked file. Biome has the same walls (biome.json), so an editor shows them while one types.
 */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { environmentFaults, machineFaults, nameFaults, purityFaults, sizeFaults } from "./tidy/checks.ts";
import { type Fault, layerFaults } from "./tidy/layers.ts";
import { readSource } from "./tidy/source.ts";

const CODE = /\.(ts|tsx|mjs|js)$/;
const TEXT = /\.(ts|tsx|mjs|js|css|html|json|jsonc|md|sql|yml|yaml)$|(^|\/)(\.npmrc|\.gitignore|run)$/;
/** Made by machines: a lockfile, drizzle's snapshots. Only what is of one machine is looked for. */
const GENERATED = /^package-lock\.json$|^migrations\/meta\//;

/** All faults of a tree, by path and line; `paths` are relative to `root`, with forward slashes. */
export async function tidy(root: string, paths: readonly string[]): Promise<Fault[]> {
  const texts = paths.filter((path) => TEXT.test(path));
  const faults = await Promise.all(
    texts.map(async (path) => fileFaults(path, await readFile(join(root, path), "utf8"))),
  );
  return faults.flat().sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line));
}

export function fileFaults(path: string, text: string): Fault[] {
  const machine = machineFaults(path, text);
  if (!CODE.test(path) || GENERATED.test(path)) return machine;
  try {
    const source = readSource(text, path);
    return [
      ...layerFaults(path, source.imports),
      ...purityFaults(path, source),
      ...environmentFaults(path, source),
      ...sizeFaults(path, text, source),
      ...nameFaults(path, source),
      ...machine,
    ];
  } catch (error) {
    return [
      {
        path,
        line: 1,
        message: `cannot be parsed: ${error instanceof Error ? error.message : String(error)}`,
      },
    ];
  }
}

/** What is tracked or could be: files that git ignores are nobody's business here. */
export async function listFiles(root: string): Promise<string[]> {
  const run = promisify(execFile);
  const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await run(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    options,
  );
  const deleted = await run("git", ["ls-files", "-z", "--deleted"], options);
  const gone = new Set(deleted.stdout.split("\0"));
  return [...new Set(stdout.split("\0"))].filter((path) => path !== "" && !gone.has(path));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const paths = await listFiles(root);
  const faults = await tidy(root, paths);
  for (const { path, line, message } of faults) console.error(`${path}:${line}  ${message}`);
  console.error(
    faults.length === 0 ? `tidy: ${paths.length} files, no fault` : `tidy: ${faults.length} faults`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
}
