/** Columns of text with two spaces between them. Amounts stand at the right, so that their digits line up. */
import { stripVTControlCharacters } from "node:util";

export type Column<Row> = {
  readonly title: string;
  readonly align?: "right";
  text(row: Row): string;
};

/** No lines around cells, no colour of its own: it reads the same in a pipe. The last column is not padded. */
export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map((column) => column.text(row))),
  ];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => widthOf(line[at] ?? ""))));
  const lines = cells.map((line) =>
    line
      .map((cell, at) => pad(cell, { width: widths[at] ?? 0, right: columns[at]?.align === "right" }))
      .join("  ")
      .trimEnd(),
  );
  return lines.join("\n");
}

const widthOf = (text: string): number => stripVTControlCharacters(text).length;

function pad(text: string, { width, right }: { readonly width: number; readonly right: boolean }): string {
  const space = " ".repeat(Math.max(width - widthOf(text), 0));
  return right ? space + text : text + space;
}
