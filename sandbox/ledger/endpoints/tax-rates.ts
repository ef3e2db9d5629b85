import { effectiveRateOf } from "../books/arithmetic.ts";
import type { TaxRate } from "../books/rows.ts";
import { roundTo } from "../wire/decimal.ts";
import { errorsOf, okReply, type Reply, validationReply } from "../wire/envelope.ts";
import { type JsonRecord, number } from "../wire/json.ts";
import { listRows } from "../wire/listing.ts";
import { say } from "../wire/messages.ts";
import { decimal, echoShape, flag, list, oneOf, type Read, readShape, text } from "../wire/shape.ts";
import { boolField, decimalField, type QueryFields, stringField } from "../wire/where-eval.ts";
import { type Call, elementsOf, foundOr404, param, reading } from "./call.ts";

const taxRateShape = {
  Name: text,
  TaxType: text,
  ReportTaxType: text,
  Status: oneOf("TaxRateStatusCode", ["ACTIVE", "DELETED", "ARCHIVED", "PENDING"]),
  TaxComponents: list({ Name: text, Rate: decimal, IsCompound: flag, IsNonRecoverable: flag }),
};
type TaxRateDraft = Read<typeof taxRateShape>;

export function listTaxRates(call: Call): Reply {
  const listed = listRows({
    rows: call.books.all("taxRates"),
    query: call.query,
    ifModifiedSince: undefined,
    fields: TAX_RATE_FIELDS,
    typeName: "TaxRate",
    updatedMs: (rate) => rate.updatedMs,
    canPage: false,
    defaultOrder: (left, right) => (left.name < right.name ? -1 : 1),
  });
  return okReply(call.nowMs, "TaxRates", listed.rows.map(renderTaxRate));
}

export function getTaxRate(call: Call): Reply {
  const rate = foundOr404(call.books.get("taxRates", decodeURIComponent(param(call, "id"))));
  return okReply(call.nowMs, "TaxRates", [renderTaxRate(rate)]);
}

/** One rate a request (facts/xero.md section 4, TaxRates). */
export function saveTaxRate(call: Call): Reply {
  const elements = elementsOf(call, "TaxRates", "TaxRate");
  const drafts = elements.map(({ value, path }) => reading(() => readShape(taxRateShape, value, path)));
  const [draft] = drafts;
  if (draft === undefined || drafts.length > 1) {
    const echoes = drafts.map((one) => ({
      ...echoShape(taxRateShape, one),
      ValidationErrors: errorsOf(["Only one Tax Rate can be saved in a request."]),
    }));
    return validationReply(echoes);
  }
  const existing = existingRate(call, draft);
  const errors = call.forcedError === undefined ? checkRate(call, draft, existing) : [call.forcedError];
  if (errors.length > 0) {
    return validationReply([{ ...echoShape(taxRateShape, draft), ValidationErrors: errorsOf(errors) }]);
  }
  const rate = rateOf(call, draft, existing);
  call.books.put("taxRates", rate);
  return okReply(call.nowMs, "TaxRates", [renderTaxRate(rate)]);
}

function existingRate(call: Call, draft: TaxRateDraft): TaxRate | undefined {
  if (call.method !== "POST") return undefined;
  if (draft.TaxType) return call.books.get("taxRates", draft.TaxType);
  return call.books.all("taxRates").find((rate) => rate.name === draft.Name);
}

const COUNTRIES_WITH_REPORTS: ReadonlySet<string> = new Set(["AU", "NZ", "GB"]);
const RATE_MAX_UNITS = 1_000_000n;

function checkRate(call: Call, draft: TaxRateDraft, existing: TaxRate | undefined): string[] {
  const errors: string[] = [];
  if (existing?.isSystem === true && !call.isBookkeeper) return [say.systemRate];
  if (existing === undefined && !draft.Name) errors.push(say.nameMissing);
  const sameName = call.books
    .all("taxRates")
    .find((rate) => rate.name === draft.Name && rate.status === "ACTIVE");
  if (sameName !== undefined && sameName.id !== existing?.id)
    errors.push("Please enter a unique Tax Rate Name.");
  if (existing === undefined && (draft.TaxComponents ?? []).length === 0) {
    errors.push("At least one Tax Component must be specified.");
  }
  // ReportTaxType is needed in AU, NZ and UK organisations (facts/xero.md section 4, TaxRates).
  if (existing === undefined && COUNTRIES_WITH_REPORTS.has(call.org.country) && !draft.ReportTaxType) {
    errors.push("ReportTaxType must be specified.");
  }
  for (const { Rate: rate } of draft.TaxComponents ?? []) {
    const units = rate === undefined ? undefined : roundTo(rate, 4);
    if (units === undefined || units < 0n || units > RATE_MAX_UNITS || (rate?.scale ?? 0) > 4) {
      errors.push("The tax component Rate must be between 0 and 100 with at most 4 decimals.");
    }
  }
  return errors;
}

function rateOf(call: Call, draft: TaxRateDraft, existing: TaxRate | undefined): TaxRate {
  const components =
    draft.TaxComponents?.map((part) => ({
      name: part.Name ?? "Tax",
      rate: part.Rate === undefined ? 0n : roundTo(part.Rate, 4),
      isCompound: part.IsCompound ?? false,
      isNonRecoverable: part.IsNonRecoverable ?? false,
    })) ??
    existing?.components ??
    [];
  // User-made types are TAX001, TAX002 ... (facts/xero.md section 4, TaxRates).
  const taxType = existing?.taxType ?? nextTaxType(call);
  let displayRate = 0n;
  for (const component of components) displayRate += component.rate;
  const reportTaxType = draft.ReportTaxType ?? existing?.reportTaxType;
  return {
    id: taxType,
    taxType,
    name: draft.Name ?? existing?.name ?? "",
    status: draft.Status ?? existing?.status ?? "ACTIVE",
    displayRate,
    effectiveRate: effectiveRateOf(components),
    components,
    appliesTo: existing?.appliesTo ?? appliesTo(reportTaxType),
    isSystem: existing?.isSystem ?? false,
    updatedMs: call.nowMs,
    ...(reportTaxType === undefined ? {} : { reportTaxType }),
  };
}

function nextTaxType(call: Call): string {
  for (let next = 1; ; next += 1) {
    const taxType = `TAX${String(next).padStart(3, "0")}`;
    if (call.books.get("taxRates", taxType) === undefined) return taxType;
  }
}

function appliesTo(reportTaxType: string | undefined): TaxRate["appliesTo"] {
  const isInput = reportTaxType?.includes("INPUT") === true;
  const isOutput = reportTaxType?.includes("OUTPUT") === true;
  return { ASSET: true, EQUITY: true, EXPENSE: !isOutput, LIABILITY: true, REVENUE: !isInput };
}

export const renderTaxRate = (rate: TaxRate): JsonRecord => ({
  Name: rate.name,
  TaxType: rate.taxType,
  ...(rate.reportTaxType === undefined ? {} : { ReportTaxType: rate.reportTaxType }),
  CanApplyToAssets: rate.appliesTo.ASSET,
  CanApplyToEquity: rate.appliesTo.EQUITY,
  CanApplyToExpenses: rate.appliesTo.EXPENSE,
  CanApplyToLiabilities: rate.appliesTo.LIABILITY,
  CanApplyToRevenue: rate.appliesTo.REVENUE,
  DisplayTaxRate: number(rate.displayRate, 4),
  EffectiveRate: number(rate.effectiveRate, 4),
  Status: rate.status,
  TaxComponents: rate.components.map((component) => ({
    Name: component.name,
    Rate: number(component.rate, 4),
    IsCompound: component.isCompound,
    IsNonRecoverable: component.isNonRecoverable,
  })),
});

const TAX_RATE_FIELDS: QueryFields<TaxRate> = {
  Name: stringField((row) => row.name),
  TaxType: stringField((row) => row.taxType),
  ReportTaxType: stringField((row) => row.reportTaxType, true),
  Status: stringField((row) => row.status),
  CanApplyToRevenue: boolField((row) => row.appliesTo.REVENUE),
  CanApplyToExpenses: boolField((row) => row.appliesTo.EXPENSE),
  EffectiveRate: decimalField((row) => row.effectiveRate),
  DisplayTaxRate: decimalField((row) => row.displayRate),
};
