import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { type Body, invoiceOf, TEST_ORG } from "./testing.ts";
import { connect, control, open, start } from "./testing-http.ts";

describe("with a data folder", () => {
  type Started = { process: ChildProcess; url: string };

  async function spawnLedger(folder: string): Promise<Started> {
    const file = join(folder, "scenario.json");
    writeFileSync(file, JSON.stringify({ org: TEST_ORG }));
    const main = join(import.meta.dirname, "main.ts");
    const child = spawn(process.execPath, [main, "--port", "0", "--scenario", file, "--data", folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    open.push({ close: async () => void child.kill("SIGKILL") });
    const lines = createInterface({ input: child.stdout });
    for await (const line of lines) return { process: child, url: JSON.parse(line).ledger };
    throw new Error("the ledger ended without a word");
  }

  test("everything it has answered survives kill -9", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ledger-"));
    open.push({ close: async () => rmSync(folder, { recursive: true, force: true }) });
    const first = await spawnLedger(folder);
    const client = await connect(first.url);
    const contactId = (await client.send("PUT", "Contacts", { Name: "Ann Lee" })).body.Contacts[0].ContactID;
    const key = { "Idempotency-Key": "k-1" };
    const made = await client.send("PUT", "Invoices", invoiceOf(contactId), key);
    await control(first.url, "POST", "clock", { advanceSeconds: 60 });
    first.process.kill("SIGKILL");
    const second = await spawnLedger(folder);
    const bearer = { authorization: `Bearer ${client.token}`, "content-type": "application/json", ...key };
    const again = await fetch(`${second.url}/api.xro/2.0/Invoices`, {
      method: "PUT",
      headers: bearer,
      body: JSON.stringify(invoiceOf(contactId)),
    });
    expect(await again.json()).toEqual(made.body);
    const state = await control(second.url, "GET", "state");
    expect(state.invoices).toHaveLength(1);
    expect(state.contacts[0]).toMatchObject({ ContactID: contactId, IsCustomer: true });
    const { send } = await connect(second.url);
    expect((await send("PUT", "Invoices", invoiceOf(contactId))).body.Invoices[0].InvoiceNumber).toBe(
      "INV-0002",
    );
  });
});

test("webhooks: the intent to receive is passed, then events come signed", async () => {
  const key = "webhook-key";
  const events: Body[] = [];
  let fail = 1;
  const receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const isSigned =
      request.headers["x-xero-signature"] === createHmac("sha256", key).update(raw).digest("base64");
    const body = JSON.parse(raw.toString("utf8"));
    if (isSigned && body.events.length > 0 && fail > 0) {
      fail -= 1;
      response.writeHead(500).end();
      return;
    }
    if (isSigned) events.push(...body.events);
    response.writeHead(isSigned ? 200 : 401).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  open.push({ close: async () => void receiver.close() });
  const { port } = receiver.address() as AddressInfo;
  const { url } = await start();
  const result = await control(url, "POST", "webhook", { url: `http://127.0.0.1:${port}/`, key });
  expect(result).toMatchObject({ isActive: true });
  const { send, tenant } = await connect(url);
  const contactId = (await send("PUT", "Contacts", { Name: "Ann Lee" })).body.Contacts[0].ContactID;
  await send("PUT", "Invoices", invoiceOf(contactId));
  await expect.poll(() => events.length, { timeout: 10_000 }).toBe(2);
  expect(events[0]).toMatchObject({
    eventCategory: "CONTACT",
    eventType: "CREATE",
    resourceId: contactId,
    tenantId: tenant,
  });
  expect(events[1].eventDateUtc).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
});
