import { Agent, request } from "node:http";
import { cpus, loadavg, release, totalmem } from "node:os";

/** One request to make over and over; headers are made anew each time, because OAuth wants a new nonce. */
export type Probe = { name: string; url(turn: number): string; headers(url: string): Record<string, string> };

export type Spread = { p50: number; p95: number; max: number };
/** Milliseconds: `wall` from sending to the last byte, `busy` of the server's main thread for the same request. */
export type Measured = { name: string; requests: number; bytes: number; wall: Spread; busy: Spread };

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** One request at a time; the first one counts too. */
export async function measure(
  probe: Probe,
  requests: number,
  server: { busyMs(): number | undefined },
): Promise<Measured> {
  const wall: number[] = [];
  const busy: number[] = [];
  let bytes = 0;
  for (let turn = 0; turn < requests; turn += 1) {
    const url = probe.url(turn);
    const headers = probe.headers(url);
    const [startedMs, busyBefore] = [performance.now(), server.busyMs() ?? 0];
    const answer = await get(url, headers);
    wall.push(performance.now() - startedMs);
    busy.push((server.busyMs() ?? 0) - busyBefore);
    if (answer.status !== 200)
      throw new Error(`${probe.name}: ${answer.status} ${answer.text.slice(0, 300)}`);
    bytes = Math.max(bytes, Buffer.byteLength(answer.text));
  }
  return { name: probe.name, requests, bytes, wall: spreadOf(wall), busy: spreadOf(busy) };
}

function spreadOf(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

export function get(url: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  return new Promise((done, fail) => {
    const sent = request(url, { agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        done({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
      );
      response.on("error", fail);
    });
    sent.on("error", fail);
    sent.end();
  });
}

/** Where it was measured; the load average tells how much of the machine others had. */
export const machine = () => ({
  node: process.version,
  platform: `${process.platform} ${release()}`,
  cpu: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  loadAverage: loadavg().map((load) => Number(load.toFixed(1))),
});
