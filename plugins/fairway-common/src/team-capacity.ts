import { z } from 'zod';

/** What one team has of the GPUs of one namespace now. @public */
export const teamNamespaceSchema = z.object({
  cluster: z.string(),
  namespace: z.string(),
  /** Who answers for its services, as in fairway.yaml; absent where no service is known there. */
  team: z.string().optional(),
  /** ResourceQuotas of the namespace, which all of its teams share; the strictest of each resource. */
  quotas: z.array(z.object({ resource: z.string(), hard: z.number(), used: z.number() })),
  /** By class, in whole GPUs and parts of them. */
  held: z.array(z.object({ class: z.string(), gpus: z.number() })),
  /** What those that have a price cost an hour; absent where the portal has no prices of GPUs. */
  perHour: z.number().optional(),
  /** GPUs without a price; absent where all have one. */
  unpriced: z.number().optional(),
});
/** Inferred from {@link teamNamespaceSchema}. @public */
export type TeamNamespace = z.output<typeof teamNamespaceSchema>;

/** GPU quotas of namespaces, and what teams hold. @public */
export const teamCapacitySchema = z.object({
  /** As `fairway.prices` names it; absent without prices of GPUs. */
  currency: z.string().optional(),
  /** By team, cluster and namespace. */
  items: z.array(teamNamespaceSchema),
});
/** Inferred from {@link teamCapacitySchema}. @public */
export type TeamCapacity = z.output<typeof teamCapacitySchema>;
