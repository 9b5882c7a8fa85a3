import { z } from 'zod';
import { engineNames } from '@fairway/service/engine-names';
import { codedReasonSchema } from './reason.ts';
import { ownerReference } from './owner-reference.ts';
import { verdictSchema } from './verdict.ts';

/**
 * What the watched clusters have of a service now. `decommissioned`: every cluster that had it has lost its objects and routes,
 * for ten minutes at least. `unknown`: no watched cluster has it, and that is all that can be said.
 * @public
 */
export const serviceStates = ['serving', 'not-serving', 'decommissioned', 'unknown'] as const;
/** One of {@link serviceStates}. @public */
export type ServiceState = (typeof serviceStates)[number];

const releasedSchema = z.object({ revision: z.string(), digest: z.string(), since: z.string() });
const lastDeliverySchema = z.object({ id: z.string(), verdict: verdictSchema, finishedAt: z.string() });

/** A service in one cluster. @public */
export const servicePlaceSchema = z.object({
  /** Its name in the portal's configuration; the UID of its namespace kube-system where the portal does not watch it. */
  cluster: z.string(),
  /** As the last delivery there named it. */
  environment: z.string().optional(),
  state: z.enum(serviceStates),
  /** Versions that get users' requests: with ready pods and, where there is a route, with weight on it. */
  versions: z.array(z.object({ revision: z.string(), weight: z.number().optional(), readyReplicas: z.number().int() })),
  decommissionedAt: z.string().optional(),
  /** Of which the last passed `release` there said that it put it into production; the cluster says whether. */
  released: releasedSchema.optional(),
  /** The last that got so far as to deploy there. */
  lastDelivery: lastDeliverySchema.optional(),
  firingAlerts: z.number().int().optional(),
});
/** Inferred from {@link servicePlaceSchema}. @public */
export type ServicePlace = z.output<typeof servicePlaceSchema>;

/** A service: namespace and name together. It is delivered to one or several places. */
/** One line of the page of services, as far as deliveries tell. @public */
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
  /** "organization/repository" at GitHub, with all groups at GitLab; absent for deliveries from a laptop. */
  projectSlug: z.string().optional(),
  /** Address of that repository, at the server that the run delivered from. */
  repository: z.string().optional(),
  repositoryAt: z.enum(['github', 'gitlab']).optional(),
  /** Address of the folder with `mkdocs.yml` at the commit that was delivered last; absent where the service has none. */
  docs: z.string().optional(),
  /** `serving` when it serves in one place at least. */
  state: z.enum(serviceStates),
  /** By cluster. */
  places: z.array(servicePlaceSchema),
  decommissionedAt: z.string().optional(),
  /** Revision and digest of which the last passed `release` said that it put them into production; the clusters say whether. */
  released: releasedSchema.optional(),
  lastDelivery: lastDeliverySchema,
  /** What the last load test said of the objectives. */
  objectives: z.object({ verdict: verdictSchema, reason: z.string(), coded: codedReasonSchema.optional() }).optional(),
  /** Absent while nobody watches: no Alertmanager is configured or answers. */
  firingAlerts: z.number().int().optional(),
  /** What of it cannot be shown in the catalog and why, one sentence each; absent when there is none. */
  problems: z.array(z.string()).optional(),
  /** The same, in the same order. */
  codedProblems: z.array(codedReasonSchema).optional(),
});
/** Inferred from {@link serviceSummarySchema}. @public */
export type ServiceSummary = z.output<typeof serviceSummarySchema>;

/** What narrows a list of services; all of it must hold, of place and state at one place. @public */
export const serviceFilterSchema = z.object({
  /** As in fairway.yaml, or as a whole entity reference. */
  owner: z.string().optional(),
  environment: z.string().optional(),
  cluster: z.string().optional(),
  state: z.enum(serviceStates).optional(),
});
/** Inferred from {@link serviceFilterSchema}. @public */
export type ServiceFilter = z.output<typeof serviceFilterSchema>;

/** Whether a service is one that a filter asks for. @public */
export function matchesService(
  service: ServiceSummary,
  { owner, environment, cluster, state }: ServiceFilter,
): boolean {
  if (owner !== undefined && ownerKey(service.owner) !== ownerKey(owner)) return false;
  if (environment === undefined && cluster === undefined) return state === undefined || service.state === state;
  return service.places.some(
    place =>
      (environment === undefined || place.environment === environment) &&
      (cluster === undefined || place.cluster === cluster) &&
      (state === undefined || place.state === state),
  );
}

/** Two spellings of one owner are one. */
function ownerKey(owner: string): string {
  return ownerReference(owner) ?? owner;
}
