/** Processor time of a piece of synchronous work, and the committed report of a measurement. */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";

/** User and system time of this process, in milliseconds: what else runs on the machine is not in it. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Prints the figures and keeps them under bench/reports, with what they were measured on. */
export function saveReport(name: string, figures: Readonly<Record<string, unknown>>): void {
  const report = {
    bench: name,
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    cores: cpus().length,
    command: `node bench/${name}.ts ${process.argv.slice(2).join(" ")}`.trim(),
    ...figures,
  };
  const folder = join(import.meta.dirname, "reports");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
  console.log(JSON.stringify(report, null, 2));
}
