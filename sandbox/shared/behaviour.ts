/**
 * Switches for what Xero does not document and what Magento's versions do differently (contract.md, "Scenario file"). With
 * SANDBOX_BEHAVIOUR=other every switch that a scenario does not state itself takes the value that it does not have by
 * default, so that the same tests can be run against the other reading.
 */
type Switches = { readonly [name: string]: unknown };

const OTHER_LEDGER: Switches = {
  ties: "down",
  taxOverrideLimit: 0.05,
  batchErrorSavesGood: true,
  concurrentKey: "second-waits",
  paymentFiresInvoiceEvent: true,
  zeroTotalStatus: "AUTHORISED",
};

const OTHER_STORE: Switches = {
  pastEndRepeatsLastPage: false,
  bearerAllowed: true,
  commentStatusIgnored: true,
};

/** The scenario that a demo server is to follow; what it states itself stays. Throws on a value that is not known. */
export function withBehaviour<T>(scenario: T, behaviour = process.env.SANDBOX_BEHAVIOUR): T {
  if (behaviour === undefined || behaviour === "") return scenario;
  if (behaviour !== "other")
    throw new Error(`SANDBOX_BEHAVIOUR is "${behaviour}"; expected "other" or nothing`);
  if (!isMembers(scenario)) return scenario;
  const org = membersOf(scenario.org);
  return {
    ...scenario,
    org: { ...org, behaviour: { ...OTHER_LEDGER, ...membersOf(org.behaviour) } },
    store: { ...OTHER_STORE, ...membersOf(scenario.store) },
  };
}

const isMembers = (value: unknown): value is Switches => typeof value === "object" && value !== null;

const membersOf = (value: unknown): Switches => (isMembers(value) ? value : {});
