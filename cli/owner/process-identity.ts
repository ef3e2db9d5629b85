/** Which process a number means: numbers are used again, so the time of its start goes with it. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * When a process of this machine started, as text that only equals itself; `null` where the system does not say, and
 * undefined when there is no such process.
 */
export function startOf(pid: number): string | null | undefined {
  if (!isAlive(pid)) return undefined;
  if (process.platform === "linux") return linuxStart(pid);
  if (process.platform === "win32") return null;
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Whether the very process that was written down still runs. */
export function isSameProcess({
  pid,
  start,
}: {
  readonly pid: number;
  readonly start: string | null;
}): boolean {
  const now = startOf(pid);
  return now !== undefined && (now === null || start === null || now === start);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Field 22 of /proc/PID/stat, counted after the name, which may hold anything; a zombie (state Z) has ended. */
function linuxStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? undefined : fields[18];
  } catch {
    return undefined;
  }
}
