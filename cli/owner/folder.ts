/** What is in a data folder, and reading and writing its small files. */
import { chmod, mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";

export type Folder = {
  readonly path: string;
  readonly database: string;
  /** Of the demo store and the demo ledger. */
  readonly sandbox: string;
  /** What the demo servers were made from; a folder keeps the one that it began with. */
  readonly scenario: string;
  readonly lock: string;
  readonly run: string;
  readonly demoServers: string;
  /** Hashes of tokens, links and sessions. */
  readonly credentials: string;
  /** What an owner in the background says. */
  readonly log: string;
};

export function folderAt(path: string): Folder {
  return {
    path,
    database: join(path, "database"),
    sandbox: join(path, "sandbox"),
    scenario: join(path, "sandbox", "scenario.json"),
    lock: join(path, "owner.lock"),
    run: join(path, "run.json"),
    demoServers: join(path, "sandbox.json"),
    credentials: join(path, "credentials.json"),
    log: join(path, "owner.log"),
  };
}

/** Only the person who runs Counterfoil may look into it: it holds tokens and customers' orders. */
export async function makeFolder({ path }: Folder): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
}

/** Undefined when it is not there or holds something else: a file of a half-finished start is as good as none. */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Undefined when there is no such file. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Readable by its owner only, and never half there: written aside, flushed, then moved into place. */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  const aside = `${path}.${process.pid}.new`;
  const file = await open(aside, "w", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(aside, path);
}

export const isMissing = (error: unknown): boolean => codeOf(error) === "ENOENT";
export const isThere = (error: unknown): boolean => codeOf(error) === "EEXIST";
const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;
