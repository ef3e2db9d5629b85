/** Fills a demo ledger through its API: contacts, invoices in batches, and a payment for every second one. */

const BATCH = 100;
const CONTACTS = 2_000;
/** Below the ledger's limit of five calls in flight. */
const LANES = 3;
const DAYS = 395;
const DAY_MS = 86_400_000;

export type LedgerClient = {
  url: string;
  headers: Record<string, string>;
};

export async function connectLedger(url: string): Promise<LedgerClient> {
  const answer = await fetch(`${url}/connect/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from("bench:secret").toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const bearer = { authorization: `Bearer ${token}`, accept: "application/json" };
  const connections = (await (await fetch(`${url}/connections`, { headers: bearer })).json()) as {
    tenantId: string;
  }[];
  return { url, headers: { ...bearer, "xero-tenant-id": connections[0]?.tenantId ?? "" } };
}

type Sent = Record<string, Record<string, string>[]>;

async function put(client: LedgerClient, resource: string, elements: readonly object[]): Promise<Sent> {
  const response = await fetch(`${client.url}/api.xro/2.0/${resource}?summarizeErrors=false`, {
    method: "PUT",
    headers: { ...client.headers, "content-type": "application/json" },
    body: JSON.stringify({ [resource]: elements }),
  });
  const text = await response.text();
  if (response.status !== 200 || text.includes('"HasErrors":true'))
    throw new Error(`PUT ${resource}: ${response.status} ${text.slice(0, 500)}`);
  return JSON.parse(text);
}

export const numberOf = (index: number): string => `BENCH-${String(index).padStart(7, "0")}`;

/** Answers the ids of some invoices, spread over all of them. */
export async function fillLedger(client: LedgerClient, invoices: number, today: Date): Promise<string[]> {
  const contactIds: string[] = [];
  for (let from = 0; from < CONTACTS; from += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, index) => ({
      Name: `Bench Customer ${from + index + 1}`,
    }));
    const made = await put(client, "Contacts", batch);
    contactIds.push(...(made.Contacts ?? []).map((contact) => contact.ContactID ?? ""));
  }
  const ids: string[] = [];
  const batches = Math.ceil(invoices / BATCH);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < batches) {
      const from = next * BATCH;
      next += 1;
      const count = Math.min(BATCH, invoices - from);
      const body = Array.from({ length: count }, (_, index) =>
        invoiceOf(from + index, contactIds, dayOf(today, from + index, invoices)),
      );
      const made = (await put(client, "Invoices", body)).Invoices ?? [];
      ids.push(made[0]?.InvoiceID ?? "");
      const paid = made.filter((_, index) => index % 2 === 0);
      await put(
        client,
        "Payments",
        paid.map(({ InvoiceID, Total }) => ({
          Invoice: { InvoiceID },
          Account: { Code: "092" },
          Date: today.toISOString().slice(0, 10),
          Amount: Total,
        })),
      );
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return ids;
}

/** Oldest first, over a year and a month. */
const dayOf = (today: Date, index: number, invoices: number): string =>
  new Date(today.getTime() - Math.floor(DAYS * (1 - index / invoices)) * DAY_MS).toISOString().slice(0, 10);

function invoiceOf(index: number, contactIds: readonly string[], day: string): object {
  const line = (description: string, cents: number, TaxType: string, AccountCode: string) => ({
    Description: description,
    Quantity: 1,
    UnitAmount: cents / 100,
    AccountCode,
    TaxType,
    Tracking: [{ Name: "Channel", Option: "Web" }],
  });
  return {
    Type: "ACCREC",
    InvoiceNumber: numberOf(index),
    Reference: `order ${index}`,
    Contact: { ContactID: contactIds[(index * 7919) % contactIds.length] },
    Date: day,
    DueDate: day,
    Status: "AUTHORISED",
    LineAmountTypes: "Inclusive",
    LineItems: [
      line("Striped stoneware mug", 999 + (index % 500), "OUTPUT2", "200"),
      line("Forty Teas: a field guide", 1899, "ZERORATEDOUTPUT", "201"),
      line("Flat Rate - Fixed", 495, "OUTPUT2", "202"),
    ],
  };
}
