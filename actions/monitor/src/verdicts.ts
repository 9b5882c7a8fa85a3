import { english, listOf, podCount, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Prometheus } from '@fairway/clients/prometheus/index';
import { genAi } from './gen-ai.ts';
import type { Indicator } from './indicators.ts';
import { targetsOf } from './targets.ts';
import { rulesDeadline, seeGateway, until } from './verify.ts';
import type { Context, Examined, Watched } from './derived.ts';

/** The verdict once Prometheus has the rules: whether they can be judged at the gateway, and what they do not see. */
export async function verified(
  server: Prometheus,
  { service, gateway, operator, series }: Watched,
  derived: Examined,
  context: Context,
) {
  const rules = derived.groups.reduce((sum, group) => sum + group.rules.length, 0);
  const targets = await targetsOf(server, service, operator);
  const outputs = { rules: String(rules), targets: String(targets.length), gateway: gateway.name };
  const unseen = service.gateway && unwatched(derived.indicators, service.gateway.own);
  const limitations = [
    ...(unseen ? [english(unseen)] : []),
    ...derived.indicators.flatMap(indicator => indicator.limitation ?? []),
    ...genAi(service, derived.profile, series).limitations,
    ...derived.differences,
  ];
  const summary =
    limitations.length > 0
      ? `What the rules do not see:\n\n${limitations.map(text => `- ${text}`).join('\n')}`
      : undefined;
  for (const text of limitations) context.log.info(text);
  if (!service.gateway) context.log.progress("waiting for the gateway's metrics");
  const missing = service.gateway
    ? []
    : await until(() => seeGateway(server, service, gateway), rulesDeadline, context.signal);
  const loaded = reasonOf('monitor.loaded', { rules, pods: podCount(targets.length) });
  return missing.length > 0
    ? {
        verdict: 'inconclusive' as const,
        reason: reasonOf('monitor.unjudged', { loaded, missing: listOf('list.also', missing) }),
        outputs,
        evidence: derived.evidence,
        summary,
      }
    : {
        verdict: 'pass' as const,
        reason: listOf('list.then', [reasonOf('monitor.passed', { loaded }), ...(unseen ? [unseen] : [])]),
        outputs,
        evidence: derived.evidence,
        summary,
      };
}

/** The objectives that nobody watches here. */
function unwatched(indicators: readonly Indicator[], gateway: string): Reason {
  const watched = new Set(indicators.map(({ objective }) => objective));
  const names = (['availability', 'time-to-first-token', 'inter-token-latency'] as const)
    .filter(name => !watched.has(name))
    .map(name => reasonOf(`objective.${name}`));
  return reasonOf('monitor.unwatched', { objectives: listOf('list.comma', names), gateway });
}

/** The verdict on rules that promtool or Prometheus does not take. */
export function refused(reason: Reason | string, derived: Examined) {
  return { verdict: 'fail' as const, reason, outputs: {}, evidence: derived.evidence };
}
