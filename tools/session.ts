/** What the gate remembers of one conversation: whether it has read untrusted text, and how much it has asked for. */

/** Limits of one session; a model that loops meets them long before a person notices. */
export const SESSION_LIMITS = { proposalsMax: 20, actsMax: 50, taintedProposalsMax: 3 } as const;

export type ToolSession = {
  readonly tainted: boolean;
  readonly proposals: number;
  readonly acts: number;
  /** From now on this session has read text that a stranger may have written. There is no way back. */
  taint(): void;
  countProposal(): void;
  countAct(): void;
};

export type SessionState = Pick<ToolSession, "tainted" | "proposals" | "acts">;

/** Where a protocol has no session, open one per call with `tainted: true` (design.md section 7). */
export function openSession(from: Partial<SessionState> = {}): ToolSession {
  const state = { tainted: from.tainted ?? false, proposals: from.proposals ?? 0, acts: from.acts ?? 0 };
  return {
    get tainted() {
      return state.tainted;
    },
    get proposals() {
      return state.proposals;
    },
    get acts() {
      return state.acts;
    },
    taint: () => {
      state.tainted = true;
    },
    countProposal: () => {
      state.proposals += 1;
    },
    countAct: () => {
      state.acts += 1;
    },
  };
}
