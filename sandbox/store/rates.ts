/**
 * Tax rates as Magento's rules combine them (ResourceModel/Calculation): rates of one priority add up and are
 * rounded together; the next priority either compounds on the tax below it or, with "calculate off subtotal
 * only", applies to the price alone.
 */
export type RuleRate = {
  code: string;
  title: string;
  percent: number;
  priority: number;
  /** "Calculate off subtotal only": do not compound on lower priorities. */
  onSubtotalOnly: boolean;
};

/** One step of the calculation: rounded on its own when prices exclude tax. */
export type AppliedRate = {
  id: string;
  percent: number;
  rates: readonly { code: string; title: string; percent: number }[];
};

export type Rates = { percent: number; steps: readonly AppliedRate[] };

export const NO_TAX: Rates = { percent: 0, steps: [] };

export function combineRates(rules: readonly RuleRate[]): Rates {
  const byPriority = new Map<number, RuleRate[]>();
  for (const rule of [...rules].sort((a, b) => a.priority - b.priority)) {
    byPriority.set(rule.priority, [...(byPriority.get(rule.priority) ?? []), rule]);
  }
  let total = 0;
  const steps: AppliedRate[] = [];
  for (const group of byPriority.values()) {
    const sum = group.reduce((percent, rule) => percent + rule.percent, 0);
    // Magento looks at the last rate of the group only.
    const percent = group.at(-1)?.onSubtotalOnly === true ? sum : (100 + total) * (sum / 100);
    total += percent;
    steps.push({
      id: group.map((rule) => rule.code).join(""),
      percent,
      rates: group.map(({ code, title, percent: own }) => ({ code, title, percent: own })),
    });
  }
  return { percent: total, steps };
}
