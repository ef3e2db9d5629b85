import { currencyName, isCurrency } from "../books/currencies.ts";
import type { Currency } from "../books/rows.ts";
import {
  errorsOf,
  okReply,
  postDataInvalid,
  Refusal,
  type Reply,
  validationReply,
} from "../wire/envelope.ts";
import type { JsonRecord } from "../wire/json.ts";
import { listRows } from "../wire/listing.ts";
import { readShape, text } from "../wire/shape.ts";
import { type QueryFields, stringField } from "../wire/where-eval.ts";
import { type Call, onlyElementOf, reading } from "./call.ts";

export function listCurrencies(call: Call): Reply {
  const listed = listRows({
    rows: call.books.all("currencies"),
    query: call.query,
    ifModifiedSince: undefined,
    fields: CURRENCY_FIELDS,
    typeName: "Currency",
    updatedMs: (currency) => currency.updatedMs,
    canPage: false,
  });
  return okReply(call.nowMs, "Currencies", listed.rows.map(renderCurrency));
}

/** PUT subscribes the organisation to a currency, where its plan allows several (facts/xero.md section 4). */
export function subscribeCurrency(call: Call): Reply {
  const { value, path } = onlyElementOf(call, "Currencies", "Currency");
  const draft = reading(() => readShape({ Code: text, Description: text }, value, path));
  const code = draft.Code ?? "";
  if (!isCurrency(code)) throw new Refusal(postDataInvalid(`Requested value '${code}' was not found.`));
  const error = call.org.multicurrency ? call.forcedError : "Your organisation does not have multi-currency.";
  if (error !== undefined) return validationReply([{ Code: code, ValidationErrors: errorsOf([error]) }]);
  const currency = { id: code, description: draft.Description || currencyName(code), updatedMs: call.nowMs };
  call.books.put("currencies", currency);
  return okReply(call.nowMs, "Currencies", [renderCurrency(currency)]);
}

export const renderCurrency = (currency: Currency): JsonRecord => ({
  Code: currency.id,
  Description: currency.description,
});

const CURRENCY_FIELDS: QueryFields<Currency> = {
  Code: stringField((row) => row.id),
  Description: stringField((row) => row.description),
};
