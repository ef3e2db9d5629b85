/** What the line algorithm takes and gives; amounts in cents, quantities, unit amounts and rates in ten-thousandths. */
import type { Component } from "./components.ts";
import type { Lineage } from "./plan.ts";
import type { LineAmountTypes } from "./xero-arithmetic.ts";

/** A component with what the rules decided for it. */
export type Booked = {
  readonly component: Component;
  readonly accountCode: string;
  readonly taxType: string;
  readonly rateE4: bigint;
  /** Its item is tracked in the ledger: the quantity must stay on the lines. */
  readonly tracked: boolean;
  /** Lines of one key may be added up where there are too many of them. */
  readonly trackingKey: string;
};

/** A line that no component stands for and whose amount is given: outside of tax, in neither direction part of the store's tax. */
export type ExtraLine = {
  readonly key: string;
  readonly text: string;
  readonly amountCents: bigint;
  readonly accountCode: string;
  readonly taxType: string;
  readonly account: Lineage;
  readonly tax: Lineage;
  readonly inputs: readonly string[];
};

export type BookedLine = {
  readonly kind: Component["kind"] | "discount" | "extra";
  /** The component it came from; the first of its tax type for a discount line, absent for rounding and extra lines. */
  readonly component: Component | null;
  readonly extra: ExtraLine | null;
  /** How many lines it stands for, and the parts of the sale that they came from. */
  readonly count: number;
  readonly paths: readonly string[];
  readonly quantityE4: bigint;
  readonly unitE4: bigint;
  /** False when the quantity could not be kept on the line and belongs into the description. */
  readonly keepsQuantity: boolean;
  readonly amountCents: bigint;
  readonly taxCents: bigint;
  readonly sendsTax: boolean;
  readonly accountCode: string;
  readonly taxType: string;
};

/** A line before its tax is settled. */
export type Draft = Omit<BookedLine, "taxCents" | "sendsTax"> & {
  readonly key: string;
  readonly rateE4: bigint;
  readonly tracked: boolean;
  readonly trackingKey: string;
};

export type LineSettings = {
  readonly mode: LineAmountTypes;
  readonly taxAmounts: "whereDifferent" | "everyLine" | "never";
  readonly discounts: "net" | "visible";
  readonly discountAccount: string | null;
  /** As the invoice has it that is corrected; chosen by the least stated tax when it is not said. */
  readonly discountOutside?: boolean;
  readonly zeroLines: "keep" | "drop";
  readonly linesMax: number;
  readonly rounding: {
    readonly account: string | null;
    readonly taxType: string | null;
    readonly limit: string;
  };
};

/** `totalCents` includes the extra lines. */
export type LineTarget = {
  readonly totalCents: bigint;
  readonly taxCents: bigint;
  readonly residualCents: bigint;
  readonly extras: readonly ExtraLine[];
};

export type BookedLines = {
  readonly mode: LineAmountTypes;
  readonly lines: readonly BookedLine[];
  /** Sum of the differences between the tax that we state and the tax that Xero would compute, in cents. */
  readonly overrideCents: bigint;
  readonly totalCents: bigint;
  readonly taxCents: bigint;
  /** The discount is a line outside of tax, since the store taxed the price before it. */
  readonly discountOutside: boolean;
};
