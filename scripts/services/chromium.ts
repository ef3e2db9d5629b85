/** A Chromium for the tests of the page: the places where web/page.e2e.test.ts looks. */
import { existsSync } from "node:fs";
import { install, mayInstall } from "./apt.ts";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const place = (): string | undefined => PLACES.find((path) => existsSync(path));

/** Undefined when there is one, else why there is none. */
export function missingChromium(): string | undefined {
  if (place() !== undefined) return undefined;
  if (!mayInstall()) return `none of ${PLACES.join(", ")}, and only root may install one`;
  return install("chromium") && place() !== undefined ? undefined : "apt could not install chromium";
}
