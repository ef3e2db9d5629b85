import { expect, test } from "vitest";
import { renderTable } from "./table.ts";

test("columns line up, amounts at the right, and colours do not count as width", () => {
  const rows = [
    { order: "000000012", total: "10.00" },
    { order: "\u001b[31m7\u001b[39m", total: "1234.50" },
  ];
  const text = renderTable(rows, [
    { title: "order", text: ({ order }) => order },
    { title: "total", align: "right", text: ({ total }) => total },
  ]);
  expect(text).toBe(
    ["order        total", "000000012    10.00", "\u001b[31m7\u001b[39m          1234.50"].join("\n"),
  );
});
