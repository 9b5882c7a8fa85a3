import { coldStartSeconds } from '@fairway/engines';
import { sleeps } from '@fairway/service';
import type { ModelFacts, Service } from '@fairway/service';
import { count } from './gpu.ts';
import { loadText } from './load.ts';

/** How long a first user waits for a service that sleeps. Nothing has started it yet: `deploy` says how long it took. */
export function coldStartText(service: Service): string {
  return `after ${service.scaling?.idleSeconds} s in which nobody asks; whoever asks then waits for a start, ${coldStartSeconds(service)} s at most (startup.*), and the gateway waits as long`;
}

/** Markdown for the job summary. */
export function preparedSummary(service: Service, model: ModelFacts, fit: string): string {
  const rows = [
    ['Service', `${service.name} (owner ${service.owner})`],
    ['Engine', service.engine.name],
    ['Model', `${service.model.name}, ${count(model.parameters)} parameters, ${model.dtype}, ${model.format}`],
    ...(service.model.adapters
      ? [['Adapters', service.model.adapters.map(({ name, rank }) => `${name} (rank ${rank})`).join(', ')] as const]
      : []),
    ['Revision', `\`${model.revision}\``],
    ['Licence', model.license ? `${model.license.id} (from ${model.license.source})` : 'unknown'],
    ['GPU', fit],
    ['Load test', loadText(service)],
    ...(sleeps(service) ? [['Asleep', coldStartText(service)] as const] : []),
  ];
  return [
    '| | |',
    '|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${String(value).replaceAll('|', '\\|')} |`),
    '',
  ].join('\n');
}
