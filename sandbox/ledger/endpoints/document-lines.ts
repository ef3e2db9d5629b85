import { type LineSent, type PricedLine, priceLine, taxOf } from "../books/arithmetic.ts";
import { classOf, taxFreeType } from "../books/chart.ts";
import type { Account, Item, Line, LineAmountTypes, LineTracking, TaxRate } from "../books/rows.ts";
import { CENTS, cents, type Decimal, formatPlain, formatUnits, roundTo, UNITS } from "../wire/decimal.ts";
import { say } from "../wire/messages.ts";
import type { Call } from "./call.ts";
import {
  DOCUMENT_LENGTHS,
  isSalesSide,
  type Kind,
  type LineDraft,
  type TrackingDraft,
} from "./document-shape.ts";
import type { Problems } from "./problems.ts";

export type LineContext = {
  call: Call;
  kind: Kind;
  type: string;
  /** Submitted or approved: the fields a draft may lack are mandatory. */
  isFinal: boolean;
  lineAmountTypes: LineAmountTypes;
  /** The document's before, when they change the tax has to be worked out again. */
  lineAmountTypesBefore: LineAmountTypes | undefined;
  contactTaxType: string | undefined;
  problems: Problems;
};

/** A line with a LineItemID updates it, one without is new, one that is not sent is gone (facts/xero.md section 4). */
export function buildLines(
  context: LineContext,
  sent: readonly LineDraft[],
  before: readonly Line[],
): Line[] {
  return sent.map((draft, index) => {
    const previous = before.find((line) => line.id === draft.LineItemID);
    if (draft.LineItemID !== undefined && previous === undefined && before.length > 0) {
      context.problems.line(index, say.lineUnknown);
    }
    return buildLine({ ...context, index }, draft, previous);
  });
}

type One = LineContext & { index: number };

function buildLine(context: One, draft: LineDraft, previous: Line | undefined): Line {
  const { call, index, problems } = context;
  const itemCode = draft.ItemCode || previous?.itemCode;
  const item = itemCode === undefined ? undefined : call.books.find("items", "code", itemCode)[0];
  if (itemCode !== undefined && item === undefined) problems.line(index, say.itemUnknown(itemCode));
  const side = itemSide(item, context.type);
  const sent = pricesOf(draft, previous, side?.unitPrice);
  const isPriced = Object.values(sent).some((value) => value !== undefined);
  const priced = priceOf(context, draft, previous, sent);
  const needsAccount = isPriced || item !== undefined;
  const account = accountOf(context, draft, previous, side, needsAccount);
  const rate = rateOf(context, draft, previous, side?.taxType, account);
  // Without an account there is no tax type to fall back on; a wrong account is told instead (messages 8 and 9).
  const isUnnamed = account === undefined && !draft.AccountCode && draft.AccountID === undefined;
  const lacksTaxType = isUnnamed && rate === undefined && !draft.TaxType && side?.accountCode === undefined;
  if (context.isFinal && needsAccount && lacksTaxType && context.lineAmountTypes !== "NoTax")
    problems.line(index, say.taxTypeMandatory);
  const description = draft.Description ?? previous?.description ?? side?.description;
  checkDescription(context, description, item);
  return {
    id: previous?.id ?? call.newId(),
    ...priced,
    taxAmount: taxAmountOf(context, draft, previous, { lineAmount: priced.lineAmount, rate }),
    tracking: trackingOf(context, draft.Tracking, previous),
    ...(description === undefined || description === "" ? {} : { description }),
    ...(item === undefined ? {} : { itemCode: item.code }),
    ...(account === undefined ? {} : { accountId: account.id }),
    ...(rate === undefined ? {} : { taxType: rate.taxType }),
  };
}

type Side = {
  unitPrice?: bigint;
  accountCode?: string;
  taxType?: string;
  description?: string;
  /** A tracked item on the purchase side: only its asset account will do (facts/xero.md section 5, rule 13). */
  isKeptInStock?: boolean;
};

/** An item supplies what the line leaves out (facts/xero.md section 4, Invoices). */
function itemSide(item: Item | undefined, type: string): Side | undefined {
  if (item === undefined) return undefined;
  const isSale = isSalesSide(type);
  const side = isSale ? item.sales : item.purchase;
  const description = isSale ? item.description : (item.purchaseDescription ?? item.description);
  // A tracked item is bought into its asset account and sold from its sales account.
  const isKeptInStock = !isSale && item.inventoryAssetAccountCode !== undefined;
  const accountCode = isKeptInStock ? item.inventoryAssetAccountCode : side.accountCode;
  return {
    isKeptInStock,
    ...(side.unitPrice === undefined ? {} : { unitPrice: side.unitPrice }),
    ...(accountCode === undefined ? {} : { accountCode }),
    ...(side.taxType === undefined ? {} : { taxType: side.taxType }),
    ...(description === undefined ? {} : { description }),
  };
}

const units = (value: bigint | undefined): Decimal | undefined =>
  value === undefined ? undefined : { units: value, scale: UNITS };

function pricesOf(draft: LineDraft, previous: Line | undefined, itemPrice: bigint | undefined): LineSent {
  const keepsBefore = previous !== undefined && draft.LineAmount === undefined;
  const quantity = draft.Quantity ?? (keepsBefore ? units(previous.quantity) : undefined);
  const unitAmount = draft.UnitAmount ?? (keepsBefore ? units(previous.unitAmount) : undefined);
  const isBare = unitAmount === undefined && draft.LineAmount === undefined;
  return {
    quantity,
    unitAmount: isBare ? units(itemPrice) : unitAmount,
    lineAmount: draft.LineAmount,
    discountRate: draft.DiscountRate,
    discountAmount: draft.DiscountAmount,
  };
}

function isRepriced(draft: LineDraft): boolean {
  const { Quantity, UnitAmount, LineAmount, DiscountRate, DiscountAmount } = draft;
  return [Quantity, UnitAmount, LineAmount, DiscountRate, DiscountAmount].some(
    (value) => value !== undefined,
  );
}

function priceOf(context: One, draft: LineDraft, previous: Line | undefined, sent: LineSent): PricedLine {
  if (previous !== undefined && !isRepriced(draft)) return previousPrices(previous);
  const { call, index, problems } = context;
  const unitDecimals = call.query.text("unitdp") === "4" ? 4 : 2;
  const { line, errors, isSubCent } = priceLine(sent, { ties: call.org.behaviour.ties, unitDecimals });
  for (const error of errors) problems.line(index, error);
  if (isSubCent && context.isFinal) {
    problems.lineOnly(index, say.accountMustBeValid);
    problems.lineOnly(index, say.taxRateMustBeValid);
  }
  const isDiscounted = line.discountRate !== undefined || line.discountAmount !== undefined;
  if (isDiscounted && context.type === "ACCPAY") problems.line(index, say.discountOnBill);
  else if (isDiscounted && context.kind.kind !== "invoice") problems.line(index, say.discountOnCreditNote);
  return line;
}

function previousPrices(line: Line): PricedLine {
  const { quantity, unitAmount, lineAmount, discountRate, discountAmount } = line;
  return {
    lineAmount,
    ...(quantity === undefined ? {} : { quantity }),
    ...(unitAmount === undefined ? {} : { unitAmount }),
    ...(discountRate === undefined ? {} : { discountRate }),
    ...(discountAmount === undefined ? {} : { discountAmount }),
  };
}

/** Accounts a document line may not use: bank, and the system's own but rounding and tax (message 2). */
const LINE_SYSTEM_ACCOUNTS: ReadonlySet<string> = new Set(["ROUNDING", "GST", "GSTONIMPORTS"]);

function accountOf(
  context: One,
  draft: LineDraft,
  previous: Line | undefined,
  side: Side | undefined,
  isPriced: boolean,
): Account | undefined {
  const { call, index, problems, isFinal } = context;
  const itemAccountCode = side?.accountCode;
  const code = draft.AccountCode || undefined;
  const isOverpayment = context.type.endsWith("-OVERPAYMENT");
  if (isOverpayment) return controlAccount(call, context.type);
  let account: Account | undefined;
  if (draft.AccountID !== undefined) account = call.books.get("accounts", draft.AccountID);
  else if (code !== undefined) account = call.books.find("accounts", "code", code)[0];
  else if (previous?.accountId !== undefined) account = call.books.get("accounts", previous.accountId);
  else if (itemAccountCode !== undefined) account = call.books.find("accounts", "code", itemAccountCode)[0];
  const named = code ?? draft.AccountID ?? itemAccountCode;
  if (account === undefined && named !== undefined) {
    // A draft is saved without the account it names wrongly, and warns (message 52).
    if (isFinal || context.kind.kind === "bankTransaction") problems.line(index, say.accountNotValid(named));
    else problems.warnings.push(say.accountRemoved(named));
    return undefined;
  }
  if (account === undefined) {
    if (isFinal && isPriced) problems.line(index, say.accountMandatory);
    return undefined;
  }
  if (account.status !== "ACTIVE") problems.line(index, say.accountArchived(account.code));
  else if (!lineMayUse(account, itemAccountCode) || (side?.isKeptInStock && account.code !== itemAccountCode))
    problems.line(index, say.accountNotValid(code ?? account.code));
  return account;
}

function controlAccount(call: Call, type: string): Account | undefined {
  const wanted = isSalesSide(type) ? "DEBTORS" : "CREDITORS";
  return call.books.all("accounts").find((account) => account.systemAccount === wanted);
}

function lineMayUse(account: Account, itemAccountCode: string | undefined): boolean {
  if (account.type === "BANK") return false;
  // An inventory account is for the item that is kept in it (facts/xero.md section 5, rule 13).
  if (account.type === "INVENTORY") return account.code === itemAccountCode;
  return account.systemAccount === undefined || LINE_SYSTEM_ACCOUNTS.has(account.systemAccount);
}

/** The order of defaults is item, contact, account (facts/xero.md section 4, Invoices). */
function rateOf(
  context: One,
  draft: LineDraft,
  previous: Line | undefined,
  itemTaxType: string | undefined,
  account: Account | undefined,
): TaxRate | undefined {
  const { call, index, problems } = context;
  const sent = draft.TaxType || keptTaxType(call, previous, account);
  const none = call.books.get("taxRates", taxFreeType(call.org.country));
  if (context.type.endsWith("-OVERPAYMENT")) return none;
  const type = sent ?? itemTaxType ?? context.contactTaxType ?? account?.taxType;
  if (type === undefined) return undefined;
  if (context.lineAmountTypes === "NoTax" && (type === "NONE" || draft.TaxType === undefined)) return none;
  const rate = call.books.get("taxRates", type);
  if (rate === undefined || rate.status !== "ACTIVE") {
    problems.line(index, say.taxTypeUnknown(type));
    return undefined;
  }
  if (account !== undefined && !rate.appliesTo[classOf(account.type)]) {
    problems.line(index, say.taxTypeWithAccount(type, account.code));
  }
  return context.lineAmountTypes === "NoTax" ? none : rate;
}

/** A line keeps its tax type when it moves to an account that takes it too. */
function keptTaxType(
  call: Call,
  previous: Line | undefined,
  account: Account | undefined,
): string | undefined {
  const rate = previous?.taxType === undefined ? undefined : call.books.get("taxRates", previous.taxType);
  if (rate === undefined || account === undefined) return previous?.taxType;
  return previous?.accountId === account.id || rate.appliesTo[classOf(account.type)]
    ? rate.taxType
    : undefined;
}

/** TaxAmount may be overridden on invoices and credit notes within the scenario's limit, elsewhere not (rule 6). */
function taxAmountOf(
  context: One,
  draft: LineDraft,
  previous: Line | undefined,
  { lineAmount, rate }: { lineAmount: bigint; rate: TaxRate | undefined },
): bigint {
  const { call, index, problems, lineAmountTypes } = context;
  const { ties, taxOverrideLimit } = call.org.behaviour;
  if (lineAmountTypes === "NoTax" || rate === undefined) return 0n;
  const isUntouched =
    previous !== undefined &&
    draft.TaxAmount === undefined &&
    !isRepriced(draft) &&
    previous.taxType === rate.taxType &&
    lineAmountTypes === context.lineAmountTypesBefore;
  if (isUntouched) return previous.taxAmount;
  const expected = taxOf(lineAmount, rate.effectiveRate, lineAmountTypes, ties);
  if (draft.TaxAmount === undefined) return expected;
  const sent = roundTo(draft.TaxAmount, CENTS, ties);
  const limit = context.kind.kind === "bankTransaction" ? 0 : taxOverrideLimit;
  const difference = sent > expected ? sent - expected : expected - sent;
  if (limit !== null && difference > BigInt(Math.round(Number(limit) * 100))) {
    const shown = formatPlain(cents(sent));
    problems.line(index, say.taxAmountWrong(shown, rate.taxType, formatUnits(expected, CENTS)));
  }
  return sent;
}

function checkDescription(context: One, description: string | undefined, item: Item | undefined): void {
  const { index, problems, isFinal } = context;
  if ((description === undefined || description === "") && item === undefined && isFinal) {
    problems.line(index, say.descriptionMandatory);
  }
  if (description !== undefined && description.length > DOCUMENT_LENGTHS.description) {
    problems.line(index, say.tooLong("Description", DOCUMENT_LENGTHS.description));
  }
}

const TRACKING_PER_LINE_MAX = 2;

function trackingOf(
  context: One,
  drafts: readonly TrackingDraft[] | undefined,
  previous: Line | undefined,
): LineTracking[] {
  if (drafts === undefined) return [...(previous?.tracking ?? [])];
  if (drafts.length > TRACKING_PER_LINE_MAX) context.problems.line(context.index, say.trackingTooMany);
  return resolveTracking(context.call, drafts, (message) => context.problems.line(context.index, message));
}

/** By ids or by names; archived ones cannot be used on new lines. */
export function resolveTracking(
  call: Call,
  drafts: readonly TrackingDraft[],
  refuse: (message: string) => void,
): LineTracking[] {
  const categories = call.books.all("trackingCategories").filter(({ status }) => status === "ACTIVE");
  return drafts.flatMap((draft) => {
    const category = categories.find((candidate) =>
      draft.TrackingCategoryID === undefined
        ? candidate.name === draft.Name
        : candidate.id === draft.TrackingCategoryID,
    );
    const option = category?.options.find(
      (candidate) =>
        candidate.status === "ACTIVE" &&
        (draft.TrackingOptionID === undefined
          ? candidate.name === draft.Option
          : candidate.id === draft.TrackingOptionID),
    );
    if (category === undefined || option === undefined) {
      refuse(say.trackingUnknown(category === undefined ? (draft.Name ?? "") : (draft.Option ?? "")));
      return [];
    }
    return [{ categoryId: category.id, optionId: option.id }];
  });
}
