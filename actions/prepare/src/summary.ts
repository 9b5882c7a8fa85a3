import type { ModelFacts, Service } from '@fairway/service';
import { count } from './gpu.ts';
import { loadText } from './load.ts';

/** Markdown for the job summary. */
export function preparedSummary(service: Service, model: ModelFacts, fit: string): string {
  const rows = [
    ['Service', `${service.name} (owner ${service.owner})`],
    ['Engine', service.engine.name],
    ['Model', `${service.model.name}, ${count(model.parameters)} parameters, ${model.dtype}, ${model.format}`],
    ['Revision', `\`${model.revision}\``],
    ['Licence', model.license ? `${model.license.id} (from ${model.license.source})` : 'unknown'],
    ['GPU', fit],
    ['Load test', loadText(service)],
  ];
  return [
    '| | |',
    '|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${String(value).replaceAll('|', '\\|')} |`),
    '',
  ].join('\n');
}
