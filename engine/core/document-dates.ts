/** Which event dates an invoice, as the mapping says; an invoice whose event has not happened waits for it. */
import { never } from "./assert.ts";
import { localDate } from "./dates.ts";
import type { Held } from "./hold.ts";
import type { Settings } from "./mapping.ts";
import { compareText } from "./money.ts";
import type { PlanInput } from "./plan-input.ts";
import { err, ok, type Result } from "./result.ts";
import type { Section } from "./sections.ts";
import { pointerOf } from "./shapes.ts";

type Event = { readonly at: string; readonly path: string };

export type InvoiceDate = { readonly date: string; readonly event: string; readonly path: string };

/** The calendar date in the organisation's time zone. */
export function invoiceDate({ spec, org }: PlanInput, section: Section): Result<InvoiceDate, Held> {
  const { invoiceDate: setting } = spec.settings;
  const [first] = eventsOf(setting, section).toSorted((a, b) => compareText(a.at, b.at));
  if (first === undefined) return err(notYet(setting));
  return ok({ date: localDate(first.at, org.timezone), event: EVENT_WORDS[setting], path: first.path });
}

const EVENT_WORDS: Readonly<Record<Settings["invoiceDate"], string>> = {
  placed: "order date",
  invoiced: "date of the store invoice",
  paid: "date of the first payment",
  shipped: "date of the first shipment",
};

function eventsOf(setting: Settings["invoiceDate"], { sale, storeInvoice, base }: Section): Event[] {
  switch (setting) {
    case "placed":
      return [{ at: sale.placedAt, path: "/placedAt" }];
    case "invoiced":
      if (storeInvoice !== null) return [{ at: storeInvoice.at, path: `${base}/at` }];
      return sale.invoices.flatMap(({ at, state }, index) =>
        state === "cancelled" ? [] : [{ at, path: pointerOf("invoices", index, "at") }],
      );
    case "paid":
      return sale.receipts.map(({ at }) => ({ at, path: "/receipts" }));
    case "shipped":
      return sale.shipments.map(({ at }, index) => ({ at, path: pointerOf("shipments", index, "at") }));
    default:
      return never(setting);
  }
}

const notYet = (setting: Settings["invoiceDate"]): Held => ({
  hold: "nothingToPost",
  field: "/settings/invoiceDate",
  detail: `The mapping dates an invoice by the ${EVENT_WORDS[setting]}, and the store has none for this order yet.`,
  action:
    "Nothing to do: it is posted when that has happened. For another date change the setting invoiceDate.",
});
