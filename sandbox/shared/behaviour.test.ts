import { expect, test } from "vitest";
import { parseScenario as parseOrg } from "../ledger/books/scenario.ts";
import { toShop } from "../store/shop.ts";
import { withBehaviour } from "./behaviour.ts";
import { parseScenario, readScenario } from "./scenario.ts";

const demo = readScenario(`${import.meta.dirname}/../../scenarios/demo-gb.json`);

const switchesOf = (scenario: unknown) => {
  const { pastEndRepeatsLastPage, bearerAllowed, commentStatusIgnored } = toShop(parseScenario(scenario));
  return { ...parseOrg(scenario).behaviour, pastEndRepeatsLastPage, bearerAllowed, commentStatusIgnored };
};

test("the other behaviour turns every switch, and nothing else", () => {
  const usual = switchesOf(withBehaviour(demo, ""));
  const other = switchesOf(withBehaviour(demo, "other"));
  const same = Object.entries(usual).filter(([name, value]) =>
    Object.entries(other).some(([n, v]) => n === name && v === value),
  );
  expect(same).toEqual([]);
  expect(toShop(withBehaviour(demo, "other")).settings).toEqual(toShop(demo).settings);
});

test("a switch that the scenario states keeps its value", () => {
  const stated = {
    ...demo,
    org: { ...demo.org, behaviour: { ties: "up" } },
    store: { ...demo.store, bearerAllowed: false },
  };
  expect(switchesOf(withBehaviour(stated, "other"))).toMatchObject({
    ties: "up",
    bearerAllowed: false,
    commentStatusIgnored: true,
    zeroTotalStatus: "AUTHORISED",
  });
});

test("an unknown behaviour is refused by name", () => {
  expect(() => withBehaviour(demo, "both")).toThrow(
    'SANDBOX_BEHAVIOUR is "both"; expected "other" or nothing',
  );
});
