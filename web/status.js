// What both sides hold, what waits, and what may still be called today.
import { byId, h } from "./dom.js";
import { amount, count, seconds, when } from "./words.js";

export function showStatus(status) {
  byId("books").replaceChildren(...booksOf(status));
  byId("numbers").replaceChildren(...numbersOf(status));
}

function booksOf({ postedTotals, completeAsOf, records }) {
  if (postedTotals.length === 0) {
    return [
      h("p", { class: "headline" }, "Nothing is posted yet."),
      h("p", { class: "muted" }, "As soon as an order is in the ledger, both totals stand here."),
    ];
  }
  const rows = postedTotals.map(({ currency, store, ledger, difference }) => {
    const equal = /^-?0+(\.0+)?$/.test(difference);
    return h(
      "p",
      { class: `headline ${equal ? "equal" : "differs"}` },
      h("span", { class: "sign", "aria-hidden": "true" }, equal ? "✓" : "≠"),
      ` Store ${amount(store, currency)} ${equal ? "=" : "≠"} ledger ${amount(ledger, currency)}`,
      h("span", { class: "difference" }, `difference ${amount(difference, null)}`),
    );
  });
  const complete =
    completeAsOf === null
      ? "Not complete up to any date yet."
      : `Books complete as of ${when(completeAsOf)}.`;
  const posted = `${count(records.posted)} posted ${records.posted === 1 ? "order" : "orders"}.`;
  return [...rows, h("p", { class: "muted" }, `${complete} ${posted}`)];
}

function numbersOf({ records, queue, budget, openProposals }) {
  const people = records.held + records.failed + records.uncertain + records.drifted;
  const blocked =
    budget.blockedUntil === null
      ? `${count(budget.minuteLeft)} this minute`
      : `paused until ${when(budget.blockedUntil)}`;
  return [
    tile("Posted", count(records.posted), `${count(records.received)} not posted yet`),
    tile("Queue", count(queue.waiting), seconds(queue.oldestSeconds)),
    tile("Need a person", count(people), peopleWords(records), people > 0 ? "look" : ""),
    tile("Waiting proposals", count(openProposals), openProposals === 0 ? "nothing to decide" : "to decide"),
    tile("Ledger calls left", count(budget.dayLeft), blocked, budget.dayLeft === 0 ? "look" : ""),
  ];
}

const peopleWords = ({ held, failed, uncertain, drifted }) =>
  [
    [held, "held"],
    [failed, "failed"],
    [uncertain, "being looked up"],
    [drifted, "differ"],
  ]
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${count(number)} ${word}`)
    .join(", ") || "all is well";

const tile = (name, figure, detail, kind = "") =>
  h(
    "div",
    { class: `tile ${kind}` },
    h("dt", {}, name),
    h("dd", {}, h("strong", {}, figure), h("span", { class: "muted" }, detail)),
  );
