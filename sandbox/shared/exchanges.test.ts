import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { markExchange, RecordedExchange, recordExchanges } from "./exchanges.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "exchanges-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Reads the body as the demo servers do, and answers what `answerOf` says. */
const echo =
  (answerOf: (body: string, path: string) => string | undefined): RequestListener =>
  (request, response) => {
    const read = async (): Promise<void> => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const answer = answerOf(Buffer.concat(chunks).toString(), request.url ?? "");
      if (answer === undefined) {
        markExchange(response, { fault: "reset" });
        request.socket.destroy();
        return;
      }
      response.writeHead(200, { "content-type": "application/json" });
      response.end(answer);
    };
    void read();
  };

async function record(
  listener: RequestListener,
  ask: (url: string) => Promise<void>,
): Promise<RecordedExchange[]> {
  const server = createServer(recordExchanges("ledger", listener, folder));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await new Promise((resolve) => server.close(resolve));
  return readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), "utf8")
      .trim()
      .split("\n")
      .map((line) => RecordedExchange.parse(JSON.parse(line))),
  );
}

const closing = { connection: "close" };

test("an exchange is kept with both bodies and without what authorises", async () => {
  const kept = await record(
    echo((body) => body),
    async (url) => {
      const headers = {
        ...closing,
        authorization: "Bearer secret",
        "xero-tenant-id": "t",
        "content-type": "application/json",
      };
      await fetch(`${url}/Invoices?a=1`, { method: "PUT", headers, body: '{"Name":"é"}' });
      await fetch(`${url}/__sandbox/calls`, { headers: closing });
    },
  );
  expect(kept).toEqual([
    {
      server: "ledger",
      method: "PUT",
      path: "/Invoices",
      query: "?a=1",
      headers: {
        "content-type": "application/json",
        accept: "*/*",
        "xero-tenant-id": "t",
        "user-agent": "node",
      },
      body: '{"Name":"é"}',
      answer: { status: 200, contentType: "application/json", body: '{"Name":"é"}' },
    },
  ]);
});

test("a request that was never answered is kept with its planned fault", async () => {
  const kept = await record(
    echo(() => undefined),
    async (url) => {
      await expect(
        fetch(`${url}/Payments`, { method: "PUT", headers: closing, body: "{}" }),
      ).rejects.toThrow();
    },
  );
  expect(kept).toMatchObject([{ path: "/Payments", body: "{}", fault: "reset", answer: null }]);
});

test("repeats are dropped, and whatever is new is kept", async () => {
  const answers = [
    ...Array.from({ length: 60 }, () => '{"Status":"PAID","Total":1}'),
    '{"Status":"VOIDED","Total":1}',
    '{"Status":"PAID","Total":"1"}',
    '{"Status":"PAID","Total":1,"Extra":null}',
    '{"Total":1}',
    `{"Status":"${"x".repeat(300)}","Total":1}`,
  ];
  const kept = await record(
    echo((_body, path) => answers[Number(path.slice("/Invoices/".length))]),
    async (url) => {
      for (const index of answers.keys())
        await (await fetch(`${url}/Invoices/${index}`, { headers: closing })).text();
    },
  );
  expect(kept.length).toBeLessThan(30);
  expect(new Set(kept.map(({ answer }) => answer?.body))).toEqual(new Set(answers));
});

test("a server that outlives the test run goes on answering", async () => {
  const server = createServer(
    recordExchanges(
      "store",
      echo((body) => body),
      folder,
    ),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  rmSync(folder, { recursive: true });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const body of ["1", "2"]) {
    const answer = await fetch(url, { method: "POST", headers: closing, body });
    expect(await answer.text()).toBe(body);
  }
  await new Promise((resolve) => server.close(resolve));
});

test("without a folder the listener is left as it is", () => {
  const listener: RequestListener = () => {};
  expect(recordExchanges("store", listener, "")).toBe(listener);
});
