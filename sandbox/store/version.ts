/** Magento versions, "2.4.7-p3": what a shop does depends on them in places (magento.md 1 and 7). */

const partsOf = (version: string): number[] => version.split("-")[0]?.split(".").map(Number) ?? [];

export function isBefore(version: string, other: string): boolean {
  const [own, limit] = [partsOf(version), partsOf(other)];
  for (const [index, part] of limit.entries()) {
    const mine = own[index] ?? 0;
    if (mine !== part) return mine < part;
  }
  return false;
}

/** The same release, whatever the security patch. */
export const isLike = (version: string, release: string): boolean =>
  version === release || version.startsWith(`${release}-`);
