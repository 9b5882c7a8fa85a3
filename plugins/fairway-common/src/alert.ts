import { z } from 'zod';

export const alertSchema = z.object({
  /** Alertmanager's fingerprint. */
  fingerprint: z.string(),
  name: z.string(),
  service: z.string().optional(),
  namespace: z.string().optional(),
  owner: z.string().optional(),
  /** `page` or `ticket` for Fairway's own rules; whatever the rule says for others. */
  severity: z.string(),
  /** The objective it burns. */
  objective: z.string().optional(),
  summary: z.string(),
  description: z.string().optional(),
  runbookUrl: z.string().optional(),
  since: z.string(),
  state: z.enum(['active', 'suppressed', 'unprocessed']),
  silencedBy: z.array(z.string()),
  acknowledged: z.object({ by: z.string(), at: z.string() }).optional(),
});
export type Alert = z.output<typeof alertSchema>;

export const silenceRequestSchema = z.strictObject({
  /** Minutes from now, a week at most. */
  minutes: z.number().int().min(1).max(10_080),
  comment: z.string().min(1).max(1000),
});
export type SilenceRequest = z.output<typeof silenceRequestSchema>;
