/** The app on a port: listening is an expected failure, closing ends streams too. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { err, ok, type Result } from "../engine/core/result.ts";

export type Listening = { readonly port: number; close(): Promise<void> };
export type PortTaken = { readonly kind: "portTaken"; readonly port: number };

type Fetch = (request: Request) => Response | Promise<Response>;

/** `port` 0 takes a free one. */
export async function listen(
  fetch: Fetch,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Result<Listening, PortTaken>> {
  const server = createAdaptorServer({ fetch }) as Server;
  const taken = await new Promise<boolean>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" || error.code === "EACCES" ? resolve(true) : reject(error),
    );
    server.listen(port, host, () => resolve(false));
  });
  if (taken) return err({ kind: "portTaken", port });
  return ok({
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
