/** Magento's times are UTC without saying so: "2026-10-31 23:30:00" (facts/magento.md section 2, "Dates"). */
const TIME = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d+)?(?:Z|\+00:00)?$/;

/** The instant as ISO text, or `undefined` where it is no time at all. */
export function toInstant(text: string): string | undefined {
  const match = TIME.exec(text.trim());
  if (match === null) return undefined;
  const instant = `${match[1]}T${match[2]}Z`;
  // 31 February parses; only a time that reads back as itself exists.
  const ms = Date.parse(instant);
  return Number.isFinite(ms) && new Date(ms).toISOString().slice(0, 19) === instant.slice(0, 19)
    ? instant
    : undefined;
}
