/** Installs Debian packages where that is allowed: as root, on a system with apt. */
import { execFileSync, spawnSync } from "node:child_process";

export const mayInstall = (): boolean => process.getuid?.() === 0 && works("apt-get", ["--version"]);

/** Whether the packages are there now. Its output goes to stderr, so that a slow mirror is seen. */
export function install(...packages: readonly string[]): boolean {
  if (!mayInstall()) return false;
  console.error(`installing ${packages.join(", ")} with apt ...`);
  const options = {
    stdio: ["ignore", "ignore", "inherit"] as ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  const apt = (...args: readonly string[]) => spawnSync("apt-get", ["-qq", ...args], options).status === 0;
  return apt("install", "-y", ...packages) || (apt("update") && apt("install", "-y", ...packages));
}

export function works(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
