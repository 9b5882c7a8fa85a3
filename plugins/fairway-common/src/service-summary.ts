import { z } from 'zod';
import { engineNames } from '@fairway/service/engine-names';
import { verdictSchema } from './verdict.ts';

/** One line of the page of services, as far as deliveries tell. */
export const serviceSummarySchema = z.object({
  name: z.string(),
  namespace: z.string(),
  /** Entity reference or name of the owner as in fairway.yaml. */
  owner: z.string(),
  system: z.string().optional(),
  engine: z.enum(engineNames),
  /** Name under which clients ask for the model. */
  model: z.string(),
  /** Base address at the gateway; absent until `mesh` has run. */
  url: z.string().optional(),
  /** "organization/repository" on GitHub; absent for deliveries from a laptop. */
  projectSlug: z.string().optional(),
  /**
   * What the watched clusters have of it now. `decommissioned`: every cluster that had it has lost its objects and routes, for
   * ten minutes at least. `unknown`: no watched cluster has it, and that is all that can be said.
   */
  state: z.enum(['serving', 'not-serving', 'decommissioned', 'unknown']),
  /** Versions that get users' requests, by cluster: with ready pods and, where there is a route, with weight on it. */
  serving: z.array(
    z.object({
      cluster: z.string(),
      versions: z.array(
        z.object({ revision: z.string(), weight: z.number().optional(), readyReplicas: z.number().int() }),
      ),
    }),
  ),
  decommissionedAt: z.string().optional(),
  /** Revision and digest of which the last passed `release` said that it put them into production; the clusters say whether. */
  released: z.object({ revision: z.string(), digest: z.string(), since: z.string() }).optional(),
  lastDelivery: z.object({ id: z.string(), verdict: verdictSchema, finishedAt: z.string() }),
  /** What the last load test said of the objectives. */
  objectives: z.object({ verdict: verdictSchema, reason: z.string() }).optional(),
  /** Absent while nobody watches: no Alertmanager is configured or answers. */
  firingAlerts: z.number().int().optional(),
  /** What of it cannot be shown in the catalog and why, one sentence each; absent when there is none. */
  problems: z.array(z.string()).optional(),
});
export type ServiceSummary = z.output<typeof serviceSummarySchema>;
