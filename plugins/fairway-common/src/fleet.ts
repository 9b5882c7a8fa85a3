import { z } from 'zod';
import { gpuPoolSchema } from './capacity.ts';
import { clusterStatusSchema } from './deployment.ts';

const count = z.number().int();

/** Who holds GPUs: a service, or where a pod belongs to none its namespace. @public */
export const fleetHolderSchema = z.object({
  /** Empty for all together whom the reader may not see. */
  namespace: z.string(),
  service: z.string().optional(),
  /** Who answers for the service, as its last delivery named them in fairway.yaml. */
  owner: z.string().optional(),
});
/** Inferred from {@link fleetHolderSchema}. @public */
export type FleetHolder = z.output<typeof fleetHolderSchema>;

/** Devices of one node that one pod holds. Kubernetes does not say which of the node's devices they are. @public */
export const fleetHeldSchema = z.object({
  /** Place in `holders`. */
  holder: count,
  /** Empty where the reader may not see its service. */
  pod: z.string(),
  count,
  /** DCGM saw its devices without work for half an hour; absent where DCGM has no figure of them. */
  idle: z.boolean().optional(),
});

/** A node with GPUs. @public */
export const fleetNodeSchema = z.object({
  name: z.string(),
  /** Only a usable node takes new pods. */
  state: z.enum(['usable', 'cordoned', 'not-ready']),
  /** Those that pods must tolerate, as kubectl writes them; Kubernetes' own for the states above are left out. */
  taints: z.array(z.string()),
  capacity: count,
  /** Of the capacity; the rest is out of order. */
  allocatable: count,
  held: z.array(fleetHeldSchema),
});
/** Inferred from {@link fleetNodeSchema}. @public */
export type FleetNode = z.output<typeof fleetNodeSchema>;

/** The nodes of one kind in a cluster. @public */
export const fleetPoolSchema = gpuPoolSchema
  .pick({ cluster: true, class: true, resource: true, source: true, installed: true, allocatable: true })
  .extend({
    requested: count,
    free: count,
    /** Part of a whole GPU that one device is: 1, or less for MIG instances and shares. */
    part: z.number(),
    nodeCount: count,
    /** Pods that wait for it. */
    waiting: count,
    /** Devices by holder, the most first. */
    byHolder: z.array(z.object({ holder: count, count, idle: count })),
    /** By name. Absent where there are too many to draw, unless the pool was asked for by its name. */
    nodes: z.array(fleetNodeSchema).optional(),
  });
/** Inferred from {@link fleetPoolSchema}. @public */
export type FleetPool = z.output<typeof fleetPoolSchema>;

/** All nodes with GPUs, and who holds them. @public */
export const fleetSchema = z.object({
  /** Whether none of it exists. */
  simulated: z.boolean(),
  clusters: z.array(clusterStatusSchema),
  /** Whether DCGM tells of any device: without it nobody knows what is idle. */
  measured: z.boolean(),
  holders: z.array(fleetHolderSchema),
  pools: z.array(fleetPoolSchema),
});
/** Inferred from {@link fleetSchema}. @public */
export type Fleet = z.output<typeof fleetSchema>;
