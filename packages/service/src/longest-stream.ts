import type { Service } from './schema.ts';

/** Seconds that one answer may take: a full context at the promised pace, at least one minute and at most an hour. */
export function longestStreamSeconds(service: Service): number {
  const { timeToFirstToken, interTokenLatency } = service.objectives;
  const milliseconds = timeToFirstToken.milliseconds + service.serving.contextLength * interTokenLatency.milliseconds;
  return Math.min(3600, Math.max(60, Math.ceil(milliseconds / 1000)));
}
