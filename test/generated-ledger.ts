/** The demo ledger's books with the accounts and tax types of the generated orders. */
import { type Body, messagesOf, openTestLedger } from "../sandbox/ledger/testing.ts";
import { generatedOrg } from "./generated-orders.ts";

/** Amounts are what is tried here: every document is in the ledger's own currency. */
export const ACCOUNTS = { currency: generatedOrg.baseCurrency } as const;

export function ledgerFor() {
  const { call, contactId } = openTestLedger({
    accounts: generatedOrg.accounts
      .filter(({ code, systemAccount }) => code !== null && systemAccount !== "DEBTORS")
      .map(({ code, name, type, enablePayments, systemAccount, status }) => ({
        code,
        name,
        type,
        enablePayments,
        status,
        ...(systemAccount === null ? {} : { systemAccount }),
      })),
    taxRates: generatedOrg.taxRates.map(({ taxType, name, rate }) => ({ taxType, name, rate: Number(rate) })),
  });
  const answered = (method: string, path: string, body?: unknown): Body => {
    const answer = call(method, `${path}?unitdp=4`, body);
    if (answer.status !== 200) throw new Error(messagesOf(answer.body).join("; "));
    return answer.body.Invoices[0];
  };
  return {
    put: (invoice: object) =>
      answered("PUT", "Invoices", { Type: "ACCREC", Contact: { ContactID: contactId }, ...invoice }),
    read: (id: string) => answered("GET", `Invoices/${id}`),
    post: (invoice: object & { readonly InvoiceID: string }) =>
      answered("POST", `Invoices/${invoice.InvoiceID}`, invoice),
  };
}
