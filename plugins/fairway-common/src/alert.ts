import { z } from 'zod';
import { brokenOffSchema, goBackSchema } from './release.ts';
import { codedReasonSchema } from './reason.ts';

/**
 * One that tells of alerts: the Alertmanager of one or several clusters. Where there is none, or none that answers, nobody
 * watches: no alert is then no good news.
 * @public
 */
export const alertSourceSchema = z.object({
  /** Stays the same while its clusters do; names it in the addresses of its alerts. */
  name: z.string(),
  /** Clusters whose alerts it holds. */
  clusters: z.array(z.string()),
  state: z.enum(['connecting', 'live', 'unreachable']),
  /** What went wrong and what to do. */
  message: z.string().optional(),
  coded: codedReasonSchema.optional(),
});
/** Inferred from {@link alertSourceSchema}. @public */
export type AlertSourceStatus = z.output<typeof alertSourceSchema>;

/** An alert as the portal shows it. @public */
export const alertSchema = z.object({
  /** Name of the source that holds it: the same fingerprint at another source is another alert. */
  source: z.string(),
  /** Alertmanager's fingerprint. */
  fingerprint: z.string(),
  /** Absent when its source is that of several clusters, and its label `cluster` names none of them. */
  cluster: z.string().optional(),
  name: z.string(),
  service: z.string().optional(),
  namespace: z.string().optional(),
  owner: z.string().optional(),
  /** `page` or `ticket` for Fairway's own rules; whatever the rule says for others. */
  severity: z.string(),
  /** The objective it burns. */
  objective: z.string().optional(),
  summary: z.string(),
  /** The summary, where it is one that Fairway's own rules give. */
  coded: codedReasonSchema.optional(),
  description: z.string().optional(),
  /** The description likewise, with the figures that Prometheus filled in. */
  codedDescription: codedReasonSchema.optional(),
  runbookUrl: z.string().optional(),
  since: z.string(),
  state: z.enum(['active', 'suppressed', 'unprocessed']),
  silencedBy: z.array(z.string()),
  acknowledged: z.object({ by: z.string(), at: z.string() }).optional(),
  /** Of an alert that the portal itself raises, and that nobody can silence: a release broke off. */
  brokenOff: brokenOffSchema.extend({ goBack: goBackSchema.optional(), actions: z.boolean().optional() }).optional(),
});
/** Inferred from {@link alertSchema}. @public */
export type Alert = z.output<typeof alertSchema>;

/** One that is over. @public */
export const resolvedAlertSchema = alertSchema.omit({ state: true, silencedBy: true }).extend({
  /** When the portal saw that it no longer fires: some seconds after its end, or after the portal came back. */
  endedAt: z.string(),
});
/** Inferred from {@link resolvedAlertSchema}. @public */
export type ResolvedAlert = z.output<typeof resolvedAlertSchema>;

/** Severities that get somebody out of bed, by Fairway's rules and by common ones. */
const urgent = new Set(['page', 'critical']);

/** Those that page first, and of these the oldest. @public */
export function byUrgency(one: Pick<Alert, 'severity' | 'since'>, other: Pick<Alert, 'severity' | 'since'>): number {
  const pages = ({ severity }: Pick<Alert, 'severity'>) => Number(urgent.has(severity));
  return pages(other) - pages(one) || one.since.localeCompare(other.since);
}

/** Body of the request that silences an alert. @public */
export const silenceRequestSchema = z.strictObject({
  /** Minutes from now, a week at most. */
  minutes: z.number().int().min(1).max(10_080),
  comment: z.string().min(1).max(1000),
});
/** Inferred from {@link silenceRequestSchema}. @public */
export type SilenceRequest = z.output<typeof silenceRequestSchema>;
