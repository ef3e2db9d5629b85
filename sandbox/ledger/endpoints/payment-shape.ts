import { day, decimal, flag, guid, oneOf, type Read, record, text } from "../wire/shape.ts";

export const paymentShape = {
  PaymentID: guid,
  Invoice: record({ InvoiceID: guid, InvoiceNumber: text }),
  CreditNote: record({ CreditNoteID: guid, CreditNoteNumber: text }),
  Prepayment: record({ PrepaymentID: guid }),
  Overpayment: record({ OverpaymentID: guid }),
  InvoiceNumber: text,
  CreditNoteNumber: text,
  Account: record({ AccountID: guid, Code: text }),
  Code: text,
  Date: day,
  CurrencyRate: decimal,
  Amount: decimal,
  Reference: text,
  IsReconciled: flag,
  Status: oneOf("PaymentStatus", ["AUTHORISED", "DELETED"]),
};
export type PaymentDraft = Read<typeof paymentShape>;
