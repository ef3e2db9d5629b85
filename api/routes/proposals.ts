/** Proposals: read by everybody, decided by people. */
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Actor } from "../../engine/api.ts";
import { ok } from "../../engine/core/result.ts";
import { type ApiEnv, actorOf } from "../auth/context.ts";
import { chosenConnection, onConnection } from "../connection.ts";
import type { AppConfig } from "../ports.ts";
import { refusedBy, sendInvalid, sendOutcome, sendProblem } from "../problem.ts";
import { companyOf, type DecisionRequest, decideProposal } from "../proposals/decide.ts";
import { openViewer, viewOf, viewsOf } from "../proposals/view.ts";
import {
  bodyOf,
  ConnectionQuery,
  PageQuery,
  pageOf,
  responsesOf,
  withoutUndefined,
} from "../schemas/common.ts";
import { Decision, ProposalState, ProposalView } from "../schemas/proposals.ts";
import { guarded } from "./guarded.ts";

const IdParam = z.object({ id: z.string().min(1).max(100) });

const list = createRoute({
  method: "get",
  path: "/proposals",
  summary: "Proposals, newest first",
  ...guarded("read"),
  request: { query: PageQuery.extend({ state: ProposalState.optional() }) },
  responses: responsesOf("a page of proposals", pageOf(ProposalView)),
});

const show = createRoute({
  method: "get",
  path: "/proposals/{id}",
  summary: "One proposal with its before and after and its replay",
  ...guarded("read"),
  request: { params: IdParam, query: ConnectionQuery },
  responses: responsesOf("the proposal", ProposalView),
});

const decision = (verb: "approve" | "reject") =>
  createRoute({
    method: "post",
    path: `/proposals/{id}/${verb}`,
    summary: `${verb === "approve" ? "Approve" : "Reject"} exactly what the digest stands for; people only`,
    ...guarded("decide"),
    request: { params: IdParam, query: ConnectionQuery, body: bodyOf(Decision) },
    responses: responsesOf("the decided proposal", ProposalView),
  });

export const proposalRoutes = ({ engine, auth, clock }: AppConfig) => {
  const decide = async (connection: string | undefined, request: Omit<DecisionRequest, "connection">) => {
    const chosen = await chosenConnection(engine, connection);
    if (!chosen.ok) return { ok: false, error: refusedBy(chosen.error) } as const;
    return decideProposal({ engine, auth, clock }, { ...request, connection: chosen.value });
  };
  const viewer = async (connection: string, actor: Actor) =>
    openViewer(engine, connection, await companyOf({ engine, auth, clock }, connection, actor));

  return new OpenAPIHono<ApiEnv>({ defaultHook: sendInvalid })
    .openapi(list, async (c) => {
      const { connection: asked, ...query } = c.req.valid("query");
      const outcome = await onConnection(engine, { connection: asked }, async (connection) => {
        const page = await engine.proposals(connection, withoutUndefined(query));
        if (!page.ok) return page;
        const views = await viewsOf(await viewer(connection, actorOf(c)), page.value.items);
        return views.ok ? ok({ ...page.value, items: views.value }) : views;
      });
      return sendOutcome(c, outcome);
    })
    .openapi(show, async (c) => {
      const outcome = await onConnection(engine, c.req.valid("query"), async (connection) => {
        const proposal = await engine.proposal(connection, c.req.valid("param").id);
        return proposal.ok ? viewOf(await viewer(connection, actorOf(c)), proposal.value) : proposal;
      });
      return sendOutcome(c, outcome);
    })
    .openapi(decision("approve"), async (c) => {
      const decided = await decide(c.req.valid("query").connection, {
        ...c.req.valid("param"),
        ...c.req.valid("json"),
        actor: actorOf(c),
        approve: true,
      });
      return decided.ok ? c.json(decided.value, 200) : sendProblem(c, decided.error);
    })
    .openapi(decision("reject"), async (c) => {
      const decided = await decide(c.req.valid("query").connection, {
        ...c.req.valid("param"),
        ...c.req.valid("json"),
        actor: actorOf(c),
        approve: false,
      });
      return decided.ok ? c.json(decided.value, 200) : sendProblem(c, decided.error);
    });
};
