import { z } from 'zod';
import { alertSchema, alertSourceSchema, resolvedAlertSchema, silenceRequestSchema } from './alert.ts';
import { capacityTrendSchema } from './capacity-trend.ts';
import { comparisonSchema } from './comparison.ts';
import {
  askedModelSchema,
  fitAnswerSchema,
  fitQuestionSchema,
  fittingClassesSchema,
  gpuPoolSchema,
  hubModelSchema,
  saturationSchema,
} from './capacity.ts';
import { deliverySchema, deliverySummarySchema, ingestSchema } from './delivery.ts';
import { clusterStatusSchema, deploymentViewSchema } from './deployment.ts';
import { fleetSchema } from './fleet.ts';
import { homeSchema } from './home.ts';
import { logLineSchema, logQuerySchema, logStoreSchema } from './log.ts';
import { queueSourceSchema, queueViewSchema } from './queue.ts';
import { goBackSchema, runningReleaseSchema } from './release.ts';
import { indicatorRanges, serviceIndicatorsSchema } from './service-indicators.ts';
import { tryAnswerSchema, tryRequestSchema } from './service-try.ts';
import { teamCapacitySchema } from './team-capacity.ts';
import { allUsageSchema, serviceUsageSchema, usageFilterSchema, usageGroups } from './usage.ts';
import { serviceFilterSchema, serviceSummarySchema } from './service-summary.ts';

/** An operation of the HTTP API. @public */
export interface Operation {
  readonly method: 'get' | 'post';
  /** Express-style path below /api/fairway. */
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly response: z.ZodType;
  /** Seconds until an answer at most; default 30. */
  readonly patience?: number;
}

const clusters = z.array(clusterStatusSchema);

/** Of the service: two namespaces may have services of one name. */
const namespace = z.string().optional();

/** Name of a cluster in the portal's configuration. */
const cluster = z.string().optional();

/** What is asked of the release that moves users now. */
const ofRelease = {
  method: 'post',
  patience: 60,
  /** The version that the person saw. */
  body: z.strictObject({ candidate: z.string() }),
  response: runningReleaseSchema,
} as const;

/** The HTTP API of the backend: its routes, its OpenAPI description and the frontend's client follow from this. @public */
export const operations = {
  home: {
    method: 'get',
    path: '/home',
    summary:
      'What needs somebody now: what burns, what is being delivered, what waits for GPUs, and what the user owns.',
    response: homeSchema,
  },
  services: {
    method: 'get',
    path: '/services',
    summary: 'All services that were delivered; owner, environment, cluster and state narrow them.',
    query: serviceFilterSchema,
    response: z.object({ items: z.array(serviceSummarySchema) }),
  },
  service: {
    method: 'get',
    path: '/services/:namespace/:service/summary',
    summary: 'One service that was delivered.',
    response: serviceSummarySchema,
  },
  indicators: {
    method: 'get',
    path: '/services/:namespace/:service/indicators',
    summary:
      'How a service fares by the Prometheus of one of its clusters: objectives with their error budgets, latencies, requests, tokens by version. Default: the cluster that serves it, and one hour.',
    query: z.object({ cluster, range: z.enum(indicatorRanges).optional() }),
    response: serviceIndicatorsSchema,
  },
  usage: {
    method: 'get',
    path: '/services/:namespace/:service/usage',
    summary: 'Requests, tokens and, where the portal has prices, cost of a service in the last 30 days, by the ledger.',
    response: serviceUsageSchema,
  },
  allUsage: {
    method: 'get',
    path: '/usage',
    summary:
      'Requests, tokens and, where the portal has prices, cost of all services by team, service, model, version or day; team, service (namespace/name) and model narrow it. Default: by team, the last 30 days.',
    query: usageFilterSchema.extend({ by: z.enum(usageGroups).optional() }),
    response: allUsageSchema,
  },
  clientUsage: {
    method: 'get',
    path: '/usage/clients',
    summary: 'The same by client: the subject of the token, or the client that it was given to.',
    query: usageFilterSchema,
    response: allUsageSchema,
  },
  removeService: {
    method: 'post',
    path: '/services/:namespace/:service/remove',
    summary:
      'Removes a service that no watched cluster has any more, with its deliveries; cluster narrows it to those that were deployed there.',
    body: z.strictObject({ cluster: z.string().optional() }),
    response: z.object({ deliveries: z.number().int() }),
  },
  tryService: {
    method: 'post',
    path: '/services/:namespace/:service/try',
    summary:
      'Sends one chat to a service at the address that its last delivery says, with the token of the body. Neither is stored or logged.',
    patience: 75,
    body: tryRequestSchema,
    response: tryAnswerSchema,
  },
  deliveries: {
    method: 'get',
    path: '/services/:service/deliveries',
    summary:
      'Deliveries of a service, newest first, 50 at most; before is a finishedAt to go on from, namespace narrows it to one of those that have the name.',
    query: z.object({ namespace, before: z.string().optional() }),
    response: z.object({ items: z.array(deliverySummarySchema) }),
  },
  delivery: {
    method: 'get',
    path: '/deliveries/:id',
    summary: 'One delivery with its whole record.',
    response: deliverySchema,
  },
  evidence: {
    method: 'get',
    path: '/deliveries/:id/evidence/:digest',
    summary: 'The content of one piece of evidence; 404 when the portal does not hold it.',
    response: z.object({ mediaType: z.string(), content: z.string() }),
  },
  deliverAgain: {
    method: 'post',
    path: '/deliveries/:id/again',
    summary: 'Runs the run of GitHub that made a delivery again, as a whole. Answers with its address.',
    patience: 60,
    body: z.strictObject({}),
    response: z.object({ origin: z.string() }),
  },
  ingest: {
    method: 'post',
    path: '/deliveries',
    summary: 'Stores or updates a delivery. The same record twice, or an older one late, changes nothing.',
    body: ingestSchema,
    response: z.object({ id: z.string(), changed: z.boolean() }),
  },
  deployments: {
    method: 'get',
    path: '/deployments',
    summary: 'What runs where; service, namespace and cluster narrow it.',
    query: z.object({ service: z.string().optional(), namespace, cluster }),
    response: z.object({ clusters, items: z.array(deploymentViewSchema) }),
  },
  rollback: {
    method: 'post',
    path: '/clusters/:cluster/services/:namespace/:service/rollback',
    summary:
      'Moves all traffic of a service back to a version that was released before, if it still is as the body says.',
    patience: 120,
    body: goBackSchema,
    response: z.object({ revision: z.string(), from: z.array(z.string()) }),
  },
  pauseRelease: {
    ...ofRelease,
    path: '/clusters/:cluster/services/:namespace/:service/release/pause',
    summary: 'Holds the release of a candidate at its step. The candidate is judged on, and goes back when it fails.',
  },
  resumeRelease: {
    ...ofRelease,
    path: '/clusters/:cluster/services/:namespace/:service/release/resume',
    summary: 'Lets a release go on that somebody held, from the beginning of its step.',
  },
  promoteRelease: {
    ...ofRelease,
    path: '/clusters/:cluster/services/:namespace/:service/release/promote',
    summary: 'Gives the candidate of a release all users, whatever its steps have judged.',
  },
  abortRelease: {
    ...ofRelease,
    path: '/clusters/:cluster/services/:namespace/:service/release/abort',
    summary: 'Ends a release: all users go back to the stable version, whatever the steps have judged.',
  },
  capacity: {
    method: 'get',
    path: '/capacity',
    summary: 'GPUs by cluster and class.',
    response: z.object({ clusters, pools: z.array(gpuPoolSchema), saturation: z.array(saturationSchema) }),
  },
  fleet: {
    method: 'get',
    path: '/capacity/fleet',
    summary:
      'Every node with GPUs and who holds them. Pools of more than 100 nodes have none, but for the one that cluster, class and resource name. simulated=true gives a made-up fleet.',
    query: z.object({
      cluster,
      class: z.string().optional(),
      resource: z.string().optional(),
      simulated: z.literal('true').optional(),
    }),
    response: fleetSchema,
  },
  capacityTrend: {
    method: 'get',
    path: '/capacity/trend',
    summary: 'GPUs by cluster and class over the last 30 days: what there was, what pods held, what worked.',
    patience: 60,
    response: capacityTrendSchema,
  },
  teamCapacity: {
    method: 'get',
    path: '/capacity/teams',
    summary:
      'GPU quotas of namespaces, and what each team holds there now; with its cost where the portal has prices of GPUs.',
    response: teamCapacitySchema,
  },
  queues: {
    method: 'get',
    path: '/capacity/queues',
    summary: 'LocalQueues of Kueue, what waits in them, and which services use them.',
    response: z.object({ sources: z.array(queueSourceSchema), items: z.array(queueViewSchema) }),
  },
  model: {
    method: 'get',
    path: '/models',
    summary:
      'A model of the hub: its commit, licence and size, and the GPU classes that hold it. reference is organization/name, also with @ and a branch, tag or commit.',
    query: z.object({ reference: z.string().min(1).max(300) }),
    response: hubModelSchema,
  },
  fitting: {
    method: 'post',
    path: '/capacity/fitting',
    summary: 'The GPU classes that hold a model, such as one of which there is no more than its config.json.',
    body: z.strictObject({ model: askedModelSchema }),
    response: fittingClassesSchema,
  },
  fit: {
    method: 'post',
    path: '/capacity/fit',
    summary: 'Whether and where a model would fit.',
    body: fitQuestionSchema,
    response: fitAnswerSchema,
  },
  alerts: {
    method: 'get',
    path: '/alerts',
    summary: 'Alerts of all services, or of one, and who watches: unwatched are the clusters without an Alertmanager.',
    query: z.object({ service: z.string().optional(), namespace, cluster }),
    response: z.object({
      sources: z.array(alertSourceSchema),
      unwatched: z.array(z.string()),
      items: z.array(alertSchema),
    }),
  },
  resolvedAlerts: {
    method: 'get',
    path: '/alerts/resolved',
    summary: 'Alerts that ended in the last days, the last one first, 100 at most; total counts all of them.',
    query: z.object({ service: z.string().optional(), namespace, cluster }),
    response: z.object({ days: z.number().int(), items: z.array(resolvedAlertSchema), total: z.number().int() }),
  },
  silence: {
    method: 'post',
    path: '/alerts/:source/:fingerprint/silence',
    summary: 'Silences an alert for a time, at the Alertmanager whose it is.',
    body: silenceRequestSchema,
    response: z.object({ silenceId: z.string() }),
  },
  acknowledge: {
    method: 'post',
    path: '/alerts/:source/:fingerprint/acknowledge',
    summary: 'Says that somebody works on an alert.',
    body: z.strictObject({}),
    response: z.object({ by: z.string(), at: z.string() }),
  },
  logs: {
    method: 'get',
    path: '/services/:service/logs',
    summary:
      'The newest lines about a service, or, with requestId, about one request, newest first, 200 at most; unstored are the clusters without a log store.',
    query: logQuerySchema,
    response: z.object({
      stores: z.array(logStoreSchema),
      unstored: z.array(z.string()),
      items: z.array(logLineSchema),
      total: z.number().int(),
    }),
  },
  comparisons: {
    method: 'get',
    path: '/comparisons',
    summary: 'Comparisons of engines, newest first.',
    response: z.object({ items: z.array(comparisonSchema) }),
  },
} as const satisfies Record<string, Operation>;

/** All of them, by name. @public */
export type Operations = typeof operations;

/** Names of the parameters in an operation's path. @public */
export type PathParameter<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | PathParameter<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** Answer of an operation. @public */
export type ResponseOf<Name extends keyof Operations> = z.output<Operations[Name]['response']>;
