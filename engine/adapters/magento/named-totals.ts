/**
 * Totals of modules: a surcharge, a fee for cash on delivery, duties. Core has no place for them (facts/magento.md section 4,
 * E1: "third-party totals that no field shows"), so each module writes them where it likes: as segments of the totals, as a
 * list of fees, or as amounts of their own.
 */
import { absOf, e4Of, formatE4, sumOf } from "../../core/money.ts";
import type { SaleFee } from "../../core/sale.ts";
import type { Json } from "../../core/shapes.ts";
import { Amount, isRecord } from "./fields.ts";

export type Unexplained = {
  /** What the known parts leave of the total; of a credit memo, of each total that it may have. */
  readonly gapsE4: readonly bigint[];
  readonly taxGapE4: bigint;
};

/** Without tax, or with it: that is told by which of the two explains the total. */
type NamedTotal = { readonly code: string; readonly amountE4: bigint; readonly taxE4: bigint | null };

const CENT_E4 = 100n;

/** Segments that the known fields tell already (Magento's own codes, and those of Adobe Commerce). */
const KNOWN_SEGMENTS = new Set([
  "subtotal",
  "shipping",
  "tax",
  "weee",
  "weee_tax",
  "discount",
  "giftcardaccount",
  "customerbalance",
  "reward",
  "giftwrapping",
  "grand_total",
]);

/** Fields of modules that are charged beside the goods; "base_" is the same in another currency. */
const FLAT = /^(?!base_)(?:[a-z0-9]+_)*(?:fee|surcharge|duty|duties)(?:_amount)?$/;

export function namedTotals(json: Json, unexplained: Unexplained): SaleFee[] {
  const listed = asFees(listedTotals(json), unexplained);
  const rest = lessListed(unexplained, listed);
  const codes = new Set(listed.map(({ code }) => code));
  const flat = flatTotals(json).filter(({ code }) => !codes.has(code));
  // A field of that name may only inform, about a fee that is inside the shipping: it is a total where the total lacks it.
  const sets = rest.gapsE4.some(isCent) ? [] : [flat, ...flat.map((one) => [one])];
  const explaining = sets
    .filter((set) => set.length > 0)
    .map((set) => asFees(set, rest))
    .find((fees) => explains(fees, rest));
  return [...listed, ...(explaining ?? [])];
}

function asFees(totals: readonly NamedTotal[], unexplained: Unexplained): SaleFee[] {
  const net = withTax(totals, unexplained).map(({ code, amountE4, taxE4 }) =>
    feeOf(code, amountE4 + (taxE4 ?? 0n), taxE4 ?? 0n),
  );
  const gross = totals.map(({ code, amountE4, taxE4 }) => feeOf(code, amountE4, taxE4 ?? 0n));
  return !explains(net, unexplained) && explains(gross, unexplained) ? gross : net;
}

/** The only total whose tax is not said has the tax that no other part has, where that explains the order. */
function withTax(totals: readonly NamedTotal[], unexplained: Unexplained): readonly NamedTotal[] {
  const silent = totals.filter(({ taxE4 }) => taxE4 === null);
  const taxE4 = unexplained.taxGapE4 - sumOf(totals.map((total) => total.taxE4 ?? 0n));
  if (silent.length !== 1 || taxE4 <= 0n) return totals;
  const taxed = totals.map((total) => ({ ...total, taxE4: total.taxE4 ?? taxE4 }));
  const fees = taxed.map((total) => feeOf(total.code, total.amountE4 + total.taxE4, total.taxE4));
  return explains(fees, unexplained) ? taxed : totals;
}

const explains = (fees: readonly SaleFee[], { gapsE4 }: Unexplained): boolean => {
  const sumE4 = sumOf(fees.map(({ gross }) => e4Of(gross)));
  return gapsE4.some((gapE4) => isCent(gapE4 - sumE4));
};

const isCent = (amountE4: bigint): boolean => absOf(amountE4) <= CENT_E4;

const lessListed = ({ gapsE4, taxGapE4 }: Unexplained, fees: readonly SaleFee[]): Unexplained => ({
  gapsE4: gapsE4.map((gapE4) => gapE4 - sumOf(fees.map(({ gross }) => e4Of(gross)))),
  taxGapE4: taxGapE4 - sumOf(fees.map(({ tax }) => e4Of(tax))),
});

const feeOf = (code: string, grossE4: bigint, taxE4: bigint): SaleFee => ({
  code,
  gross: formatE4(grossE4),
  tax: formatE4(taxE4),
});

/** Segments as a cart's totals have them, and lists of fees; each code once. */
function listedTotals(json: Json): NamedTotal[] {
  const rows = [...listAt(json, "total_segments"), ...listAt(json, "applied_fees")];
  const totals = new Map<string, NamedTotal>();
  for (const row of rows) {
    const code = textOf(row.code ?? row.fee_code);
    const amountE4 = amountOf(row.value ?? row.amount);
    if (code === undefined || amountE4 === undefined || KNOWN_SEGMENTS.has(code) || totals.has(code))
      continue;
    const extension = isRecord(row.extension_attributes) ? row.extension_attributes : {};
    const taxE4 = amountOf(row.tax_amount) ?? amountOf(row.tax) ?? amountOf(extension.tax_amount) ?? null;
    totals.set(code, { code, amountE4, taxE4 });
  }
  return [...totals.values()].flatMap((total) => {
    const isTaxOfOther = total.code.endsWith("_tax") && totals.has(total.code.slice(0, -"_tax".length));
    const tax = totals.get(`${total.code}_tax`);
    return isTaxOfOther ? [] : [tax === undefined ? total : { ...total, taxE4: tax.amountE4 }];
  });
}

function flatTotals(json: Json): NamedTotal[] {
  if (!isRecord(json)) return [];
  const extension = isRecord(json.extension_attributes) ? json.extension_attributes : {};
  const members = { ...json, ...extension };
  return Object.entries(members).flatMap(([name, value]) => {
    const amountE4 = FLAT.test(name) ? amountOf(value) : undefined;
    if (amountE4 === undefined) return [];
    const code = name.replace(/_amount$/, "");
    const taxE4 = amountOf(members[`${code}_tax`]) ?? amountOf(members[`${code}_tax_amount`]) ?? null;
    return [{ code, amountE4, taxE4 }];
  });
}

function listAt(json: Json, name: string): Record<string, unknown>[] {
  if (!isRecord(json)) return [];
  const extension = isRecord(json.extension_attributes) ? json.extension_attributes : {};
  const list: unknown = json[name] ?? extension[name];
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

/** `undefined` for nothing and for zero: a module lists what was not charged as well. */
function amountOf(value: unknown): bigint | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  const amount = Amount.safeParse(value);
  const amountE4 = amount.success ? e4Of(amount.data) : 0n;
  return amountE4 === 0n ? undefined : amountE4;
}

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
