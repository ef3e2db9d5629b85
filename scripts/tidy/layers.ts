/** The dependency direction of design.md section 1, as data: which room may import which. */
import { posix } from "node:path";
import type { Import } from "./source.ts";

export type Fault = { readonly path: string; readonly line: number; readonly message: string };

/** A room is the files below a path, or one file. The first that fits is the one that a file is in. */
type Room = {
  readonly name: string;
  readonly paths: readonly string[];
  /** Rooms that it may import besides itself. */
  readonly sees: readonly string[];
  /** Rooms of which it may import types alone. */
  readonly seesTypesOf?: readonly string[];
  /** The only foreign packages it may import; absent means any. */
  readonly packages?: readonly string[];
};

const ENGINE_SHAPES = ["core", "ports"];
const ENGINE = [...ENGINE_SHAPES, "sync", "adapters", "door"];

const ROOMS: readonly Room[] = [
  { name: "core", paths: ["engine/core/"], sees: [], packages: ["zod"] },
  { name: "ports", paths: ["engine/ports.ts", "engine/ports-outbox.ts", "engine/api.ts"], sees: ["core"] },
  { name: "sync", paths: ["engine/sync/"], sees: ENGINE_SHAPES },
  { name: "adapters", paths: ["engine/adapters/"], sees: ENGINE_SHAPES },
  { name: "door", paths: ["engine/"], sees: [...ENGINE_SHAPES, "sync", "adapters"] },
  { name: "tools", paths: ["tools/"], sees: ENGINE_SHAPES },
  { name: "agent", paths: ["agent/"], sees: [...ENGINE_SHAPES, "tools"] },
  { name: "mcp-server", paths: ["mcp-server/"], sees: [...ENGINE_SHAPES, "tools"] },
  { name: "api", paths: ["api/"], sees: [...ENGINE_SHAPES, "tools"] },
  { name: "cli", paths: ["cli/"], sees: [...ENGINE, "tools", "agent", "mcp-server", "api"] },
  { name: "web", paths: ["web/"], sees: [], seesTypesOf: [...ENGINE_SHAPES, "tools", "api"] },
  // A fake that is built from our ideas would share our mistakes.
  { name: "sandbox", paths: ["sandbox/"], sees: [] },
];

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);
/** Tests and the tools around the product may look at everything; nobody may look at them. */
const AROUND = /^(scripts|test|evals|bench)\/|^[^/]+\.config\.ts$/;

export const roomOf = (path: string): Room | undefined =>
  ROOMS.find(({ paths }) =>
    paths.some((start) => path === start || (start.endsWith("/") && path.startsWith(start))),
  );

/** Imports that point upwards, sideways, or into a room that nobody may enter. */
export function layerFaults(path: string, imports: readonly Import[]): Fault[] {
  const room = roomOf(path);
  if (room === undefined || isTest(path) || AROUND.test(path)) return [];
  return imports.flatMap((imported) => {
    const message = faultOf(path, room, imported);
    return message === undefined ? [] : [{ path, line: imported.line, message }];
  });
}

function faultOf(path: string, room: Room, { specifier, typeOnly }: Import): string | undefined {
  if (!specifier.startsWith(".")) {
    const foreign = room.packages !== undefined && !room.packages.includes(specifier);
    return foreign ? `${room.name} imports ${room.packages?.join(", ")} only, not "${specifier}"` : undefined;
  }
  const target = posix.join(posix.dirname(path), specifier);
  if (target.startsWith("package.json")) return undefined;
  if (isTest(target)) return `nobody imports a test: "${specifier}"`;
  const entered = roomOf(target);
  if (entered === undefined)
    return `${room.name} may not import "${specifier}": it is in no room of the design`;
  if (entered.name === room.name) return room.name === "adapters" ? siblingFault(path, target) : undefined;
  if (room.sees.includes(entered.name)) return undefined;
  if (room.seesTypesOf?.includes(entered.name)) {
    return typeOnly ? undefined : `${room.name} sees types of ${entered.name} only: use import type`;
  }
  return `${room.name} may not import ${entered.name}: "${specifier}"`;
}

/** One folder an adapter; what two of them share belongs to the engine. */
function siblingFault(path: string, target: string): string | undefined {
  const [own, other] = [path, target].map((file) => file.split("/")[2]);
  return own === other ? undefined : `an adapter imports no other adapter: ${own} imports ${other}`;
}
