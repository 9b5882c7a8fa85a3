import { z } from 'zod';
import { codedReasonSchema } from './reason.ts';
import { brokenOffSchema, goBackSchema, runningReleaseSchema } from './release.ts';

/** A pod of a version. @public */
export const podViewSchema = z.object({
  name: z.string(),
  node: z.string().optional(),
  phase: z.string(),
  /** `starting` within the time that its startup probe gives it, unless it is known that waiting cannot help. */
  state: z.enum(['ready', 'starting', 'failing', 'ending']),
  restarts: z.number().int(),
  /** Why it is not ready, or what it waits for, in a sentence; absent when it is. */
  reason: z.string().optional(),
  coded: codedReasonSchema.optional(),
  startedAt: z.string().optional(),
});
/** Inferred from {@link podViewSchema}. @public */
export type PodView = z.output<typeof podViewSchema>;

/** One version of a service in one cluster. @public */
export const versionViewSchema = z.object({
  revision: z.string(),
  image: z.string(),
  replicas: z.number().int(),
  readyReplicas: z.number().int(),
  /** Percent of the traffic at the gateway; absent when no route names it. */
  weight: z.number().optional(),
  createdAt: z.string(),
  /** `failing` when a pod of it is, or when the cluster makes none. */
  state: z.enum(['ready', 'starting', 'failing']),
  /** Whether it has no ready pod because nobody asks for it, or not for long: the first request waits until it has one. */
  asleep: z.boolean().optional(),
  /** What keeps the rollout from getting ready; absent when it is or nothing is wrong yet. */
  cause: z.string().optional(),
  coded: codedReasonSchema.optional(),
  pods: z.array(podViewSchema),
});
/** Inferred from {@link versionViewSchema}. @public */
export type VersionView = z.output<typeof versionViewSchema>;

/** A service in one cluster, as the cluster has it. @public */
export const deploymentViewSchema = z.object({
  cluster: z.string(),
  namespace: z.string(),
  service: z.string(),
  versions: z.array(versionViewSchema),
  /** Absent while no release is in its steps, or when it broke off. */
  release: runningReleaseSchema.optional(),
  brokenOff: brokenOffSchema.optional(),
  /** Absent when no ready version is left to go back to. */
  goBack: goBackSchema.optional(),
});
/** Inferred from {@link deploymentViewSchema}. @public */
export type DeploymentView = z.output<typeof deploymentViewSchema>;

/** Whether a cluster's watches are live; a cluster that cannot be reached is named, never left out. @public */
export const clusterStatusSchema = z.object({
  name: z.string(),
  state: z.enum(['connecting', 'live', 'unreachable']),
  /** What went wrong and what to do. */
  message: z.string().optional(),
  coded: codedReasonSchema.optional(),
  /** Of its namespace kube-system, by which records name a cluster; absent while it is not known. */
  uid: z.string().optional(),
  /** Whether the portal may move the traffic of its services. */
  actions: z.boolean().optional(),
  /** Last time an event or a list arrived, RFC 3339. */
  updatedAt: z.string().optional(),
});
/** Inferred from {@link clusterStatusSchema}. @public */
export type ClusterStatus = z.output<typeof clusterStatusSchema>;
