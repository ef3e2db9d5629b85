/** What is checked of each file besides its layer: purity of the core, sizes, names, and that a checkout fits any machine. */
import type { Fault } from "./layers.ts";
import { roomOf } from "./layers.ts";
import type { Source } from "./source.ts";

export const FILE_LINES_MAX = 400;
export const FUNCTION_LINES_MAX = 70;

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);

/** What makes a result depend on the time, chance, machine or locale. `new Date(ms)` and `Date.parse` of an instant do not. */
const IMPURE = new Set([
  "Date.now",
  "new Date()",
  "Math.random",
  "fetch()",
  "setTimeout()",
  "setInterval()",
  "queueMicrotask()",
  "performance.now",
  ".localeCompare",
  ".toLocaleString",
  ".toLocaleLowerCase",
  ".toLocaleUpperCase",
]);
const IMPURE_OBJECTS = /^(process|console|crypto|globalThis)\./;

export function purityFaults(path: string, { uses }: Source): Fault[] {
  if (roomOf(path)?.name !== "core" || isTest(path)) return [];
  return uses
    .filter(({ name }) => IMPURE.has(name) || IMPURE_OBJECTS.test(name))
    .map(({ name, line }) => ({
      path,
      line,
      message: `engine/core is pure: ${name} comes in as an argument`,
    }));
}

/**
 * The environment is an argument of the program: read once, at its door (style.md rule 21). The recorder of exchanges and
 * the switch of behaviours read it too, since tests start the demo servers within their own process and must not have to pass it on.
 */
const READS_ENVIRONMENT =
  /^(cli\/main\.ts|sandbox\/[^/]+\/main\.ts|sandbox\/shared\/(exchanges|behaviour)\.ts|scripts\/.*|test\/.*|.*\.test\.tsx?|[^/]+\.config\.ts)$/;

export function environmentFaults(path: string, { uses }: Source): Fault[] {
  if (READS_ENVIRONMENT.test(path)) return [];
  return uses
    .filter(({ name }) => name === "process.env")
    .map(({ line }) => ({
      path,
      line,
      message: "process.env is read in cli/main.ts and sandbox/*/main.ts only",
    }));
}

export function sizeFaults(path: string, text: string, source: Source | undefined): Fault[] {
  const lines = text.trimEnd().split("\n").length;
  const long: Fault[] =
    lines > FILE_LINES_MAX ? [{ path, line: 1, message: `${lines} lines; at most ${FILE_LINES_MAX}` }] : [];
  if (source === undefined || isTest(path)) return long;
  const functions = source.functions
    .filter((candidate) => candidate.lines > FUNCTION_LINES_MAX)
    .map((candidate) => ({
      path,
      line: candidate.line,
      message: `function ${candidate.name} has ${candidate.lines} lines; at most ${FUNCTION_LINES_MAX}`,
    }));
  return [...long, ...functions];
}

/** Words that say nothing about what is inside (style.md "Words"). */
const EMPTY_WORDS = /(^|[-_])(utils?|helpers?|manager|misc|stuff)(?=$|[-_.])/;
const EMPTY_NAMES = /(Utils?|Helpers?|Manager|SyncItem)$/;
const KEBAB = /^[a-z0-9]+([-.][a-z0-9]+)*$/;

export function nameFaults(path: string, source: Source | undefined): Fault[] {
  const base = path.split("/").at(-1) ?? "";
  const fault = (message: string, line = 1): Fault => ({ path, line, message });
  const faults: Fault[] = [];
  if (EMPTY_WORDS.test(base)) faults.push(fault(`"${base}" does not say what is in it`));
  else if (!KEBAB.test(base) && !/\.tsx$/.test(base)) faults.push(fault(`"${base}" is not kebab-case`));
  for (const { name, line } of source?.exported ?? []) {
    if (EMPTY_NAMES.test(name))
      faults.push(fault(`"${name}" is not a word of the trade (style.md, Words)`, line));
  }
  return faults;
}

/** A path of one machine, or a host that packages came from: a checkout must fit anywhere. */
const OF_ONE_MACHINE = [
  { found: /(?<![\w.~-])\/(?:work|home|Users|root)\/[\w.-]+/, what: "an absolute path" },
  { found: /\b[A-Z]:\\+Users\\/, what: "an absolute path" },
  {
    found: /https?:\/\/(?:registry\.|[a-z0-9.-]*(?:verdaccio|artifactory|nexus))[a-z0-9.:-]*/i,
    what: "a registry's host",
  },
];

export function machineFaults(path: string, text: string): Fault[] {
  const lines = text.split("\n");
  return OF_ONE_MACHINE.flatMap(({ found, what }) =>
    lines.flatMap((line, index) => {
      const hit = found.exec(line)?.[0];
      return hit === undefined ? [] : [{ path, line: index + 1, message: `${what} of one machine: ${hit}` }];
    }),
  );
}
