/**
 * `npm run build`: the package's `dist/`. Node strips no types below node_modules, so what is published is JavaScript; the
 * folders keep their places, so that every path that is right in the checkout is right in the package.
 */
import { execFile } from "node:child_process";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** What is read at run time and is no module. */
const FILES = ["migrations", "scenarios", "web"];

/** Empties `outDir` and fills it; rejects with the compiler's own words when something does not compile. */
export async function build(outDir: string): Promise<void> {
  await rm(outDir, { recursive: true, force: true });
  const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const compile = promisify(execFile)(
    process.execPath,
    [compiler, "-p", "tsconfig.build.json", "--outDir", outDir],
    {
      cwd: ROOT,
    },
  );
  await compile.catch((error: { readonly stdout?: string }) => {
    throw new Error(error.stdout ?? String(error));
  });
  for (const folder of FILES) {
    await cp(join(ROOT, folder), join(outDir, folder), {
      recursive: true,
      filter: (path) => !path.endsWith(".test.ts"),
    });
  }
  const { name, version, type } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
    readonly [field: string]: string;
  };
  await writeFile(join(outDir, "package.json"), `${JSON.stringify({ name, version, type }, null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outDir = resolve(ROOT, "dist");
  try {
    await build(outDir);
    console.error(`built ${outDir}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
