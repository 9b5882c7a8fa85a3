import type { CodedReason } from '@fairway/backstage-plugin-fairway-common';
import { reasonTexts } from '@fairway/service/reasons/reason';

const indicators = ['availability', 'time-to-first-token', 'inter-token-latency', 'goodput'] as const;

/** The code of an indicator as `load.json` names it, such as "time to first token, p95". */
export function codedIndicator(name: string): CodedReason | undefined {
  const [, words, percentile] = /^(.+?)(?:, p([\d.]+))?$/.exec(name) ?? [];
  const found = indicators.find(one => reasonTexts[`indicator.${one}`] === words);
  if (found === undefined) return undefined;
  const indicator = { code: `indicator.${found}`, parameters: {} };
  return percentile === undefined ? indicator : { code: 'indicator.percentile', parameters: { indicator, percentile } };
}
