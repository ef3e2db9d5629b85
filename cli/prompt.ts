/** One typed line of a person. */
import { createInterface } from "node:readline/promises";

/** Empty when the person ends the input or stops the program: no answer is never an agreement. */
export async function askLine(question: string, stop: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    return await Promise.race([lines.question(question, { signal: stop }), ended]);
  } catch (error) {
    if (stop.aborted) return "";
    throw error;
  } finally {
    lines.close();
  }
}
