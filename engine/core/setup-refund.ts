/** First rules about money that goes back: refunds by destination, and the account of adjustments. */
import { lineAccountFault } from "./account-faults.ts";
import { ADJUSTMENT_CODES } from "./credit-adjustments.ts";
import type { DecisionTable, Outcome, Rule } from "./mapping.ts";
import type { Org } from "./org.ts";
import type { RefundDestination } from "./sale.ts";
import { hold, type Notes } from "./setup-notes.ts";
import { STORED_VALUE, storedValueAccount } from "./setup-stored-value.ts";

const REVENUE_TYPES = new Set(["REVENUE", "SALES", "OTHERINCOME"]);

const DESTINATIONS = ["storeCredit", "giftCard", "rewardPoints"] as const;

/** Money leaves by the way it came: the payment rules say from which account. What nobody has paid yet stays open. */
export function chooseRefunds(org: Org, payments: DecisionTable, notes: Notes): DecisionTable {
  const to = (destination: RefundDestination) =>
    ({ op: "is", fact: "refund.destination", value: destination }) as const;
  const byMethod = payments.rules.flatMap((rule): Rule[] =>
    rule.then.kind === "payment" && rule.when.every(({ fact }) => fact === "payment.method")
      ? [
          {
            ...rule,
            id: `refund-${rule.id}`.slice(0, 64),
            note: `refunds of ${rule.note}`,
            when: [to("gateway"), ...rule.when],
          },
        ]
      : [],
  );
  const stored = DESTINATIONS.map((destination): Rule => {
    const { words } = STORED_VALUE[destination];
    const account = storedValueAccount(org, destination);
    if (account !== undefined)
      notes.because(`/tables/refund/${destination}`, `account ${account.code} is called "${account.name}"`);
    const then: Outcome =
      account === undefined
        ? hold(`No account of ${words} that takes payments is set.`)
        : { kind: "payment", account: account.code };
    return {
      id: `refund-${destination.toLowerCase()}`,
      note: `refunds to ${words}`,
      when: [to(destination)],
      then,
    };
  });
  const offline: Rule = {
    id: "refund-offline",
    note: "the store moved no money: the credit note stays open until somebody pays it",
    when: [to("offline")],
    then: { kind: "unpaid" },
  };
  return {
    rules: [...byMethod, ...stored, offline],
    otherwise: hold("No account is set for refunds to this destination."),
  };
}

const ADJUSTMENTS = /refund|returns|restocking|goodwill/i;

/** Named totals are asked for one by one; adjustments of credit memos have an account where the chart names one. */
export function chooseFees(org: Org, otherwise: Outcome, notes: Notes): DecisionTable {
  const account = org.accounts.find(
    (one) =>
      one.code !== null &&
      REVENUE_TYPES.has(one.type) &&
      ADJUSTMENTS.test(one.name) &&
      lineAccountFault(one) === undefined,
  );
  if (account?.code == null) return { rules: [], otherwise };
  notes.because("/tables/feeAccount/adjustments", `account ${account.code} is called "${account.name}"`);
  const rule: Rule = {
    id: "adjustments",
    note: "goodwill and fees of credit memos",
    when: [{ op: "oneOf", fact: "fee.code", values: [...ADJUSTMENT_CODES] }],
    then: { kind: "account", code: account.code },
  };
  return { rules: [rule], otherwise };
}
