/** What a conversation sends to its reader while it runs; the wire form of the SSE events of docs and contract. */
import type { Stop, Usage } from "./models/model.ts";

export type ProposalCard = {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  /** kinds of change over the replayed orders, most first */
  readonly rows: readonly {
    readonly field: string;
    readonly before: string | null;
    readonly after: string | null;
    readonly orders: number;
  }[];
  /** the replay in one sentence; null for a proposal without one */
  readonly impact: string | null;
  readonly url: string;
  readonly command: string;
};

export type ChatEvent =
  /** append to the last text part */
  | { readonly t: "text"; readonly s: string }
  /** `label` is a sentence for people, `name` is for experts */
  | {
      readonly t: "tool";
      readonly v: {
        readonly id: string;
        readonly name: string;
        readonly label: string;
        readonly args: unknown;
      };
    }
  | {
      readonly t: "result";
      readonly id: string;
      readonly ok: boolean;
      readonly out: unknown;
      readonly ms: number;
    }
  | { readonly t: "proposal"; readonly v: ProposalCard }
  /** the last event of a run that ended by itself */
  | { readonly t: "done"; readonly stop: Stop; readonly usage: Usage }
  /** the last event of a run that could not go on */
  | { readonly t: "error"; readonly code: string; readonly message: string; readonly retryable: boolean };
