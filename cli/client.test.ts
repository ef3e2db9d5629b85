import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { createClient, pathWith } from "./client.ts";

/** Answers `/<status>/<kind>` with that problem, and everything else with what it was sent. */
let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    const [, status, kind] = /^\/(\d{3})\/(\w+)/.exec(request.url ?? "") ?? [];
    if (status === undefined) {
      response.end(JSON.stringify({ authorization: request.headers.authorization }));
      return;
    }
    const errors = [{ path: "/edits/0", message: "There is no account 209.", nearest: ["200", "205"] }];
    response.writeHead(Number(status), { "content-type": "application/problem+json" });
    response.end(
      kind === "html" ? "<html>" : JSON.stringify({ kind, detail: "It is so.", next: "Do this.", errors }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const client = (signal = new AbortController().signal) => createClient({ url, token: "secret", signal });
const failureOf = async (path: string) => {
  const answer = await client().get(path, z.unknown());
  return answer.ok ? undefined : answer.error;
};

test("the token goes with every request", async () => {
  const answer = await client().get("/any", z.object({ authorization: z.string() }));
  expect(answer).toEqual({ ok: true, value: { authorization: "Bearer secret" } });
});

test.each([
  ["/409/held", 3],
  ["/422/invalid", 2],
  ["/404/notFound", 2],
  ["/413/tooLarge", 2],
  ["/403/forbidden", 1],
  ["/409/stale", 1],
  ["/502/unavailable", 1],
  ["/500/internal", 1],
])("%s ends the command with exit code %i", async (path, exit) => {
  expect((await failureOf(path))?.exit).toBe(exit);
});

test("a refusal tells the field, what was wrong with it, and the nearest values", async () => {
  const failure = await failureOf("/422/invalid");
  expect(failure?.message).toBe("It is so.\n  /edits/0: There is no account 209. Nearest: 200, 205.");
  expect(failure?.next).toBe("Do this.");
});

test("an answer that is no problem document is still an answer", async () => {
  expect((await failureOf("/502/html"))?.message).toBe("Counterfoil answered with status 502.");
});

test("an answer of another shape says that the versions may differ", async () => {
  const answer = await client().get("/any", z.object({ imported: z.array(z.string()) }));
  expect(answer).toMatchObject({ ok: false, error: { exit: 1, kind: "wrongVersion" } });
});

test("nobody there, and stopped by the person, are told apart", async () => {
  const gone = createClient({ url: "http://127.0.0.1:9", token: "x", signal: new AbortController().signal });
  expect(await gone.get("/any", z.unknown())).toMatchObject({ ok: false, error: { kind: "noAnswer" } });
  const stopped = await client(AbortSignal.abort()).get("/any", z.unknown());
  expect(stopped).toMatchObject({ ok: false, error: { kind: "stopped" } });
});

test("a query has what is defined", () => {
  expect(pathWith("/api/x", { a: undefined })).toBe("/api/x");
  expect(pathWith("/api/x", { a: undefined, b: 2, c: "ä b" })).toBe("/api/x?b=2&c=%C3%A4+b");
});
