import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { invoiceOf, TEST_ORG } from "./testing.ts";
import { connect, control, open } from "./testing-http.ts";

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
