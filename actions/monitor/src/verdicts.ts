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
  const unseen = service.gateway && `${unwatched(derived.indicators)} by policy (gateway.own): ${service.gateway.own}`;
  const limitations = [
    ...(unseen ? [`${unseen}.`] : []),
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
  const loaded = `Prometheus has loaded ${rules} rules and scrapes ${targets.length} pod${targets.length === 1 ? '' : 's'}`;
  return missing.length > 0
    ? {
        verdict: 'inconclusive' as const,
        reason: `${loaded}, but availability cannot be judged: ${missing.join('; ')}. Let Prometheus scrape the gateway's proxies.`,
        outputs,
        evidence: derived.evidence,
        summary,
      }
    : {
        verdict: 'pass' as const,
        reason: `${loaded}; promtool's tests of them pass.${unseen ? ` ${unseen}.` : ''}`,
        outputs,
        evidence: derived.evidence,
        summary,
      };
}

/** The objectives that nobody watches here, as the beginning of a sentence. */
function unwatched(indicators: readonly Indicator[]): string {
  const watched = new Set(indicators.map(({ objective }) => objective));
  const names = (['availability', 'time-to-first-token', 'inter-token-latency'] as const)
    .filter(name => !watched.has(name))
    .map(name => name.replaceAll('-', ' '));
  return `These objectives are not watched: ${names.join(', ')};`;
}

/** The verdict on rules that promtool or Prometheus does not take. */
export function refused(problem: string, derived: Examined) {
  return { verdict: 'fail' as const, reason: `${problem}.`, outputs: {}, evidence: derived.evidence };
}
