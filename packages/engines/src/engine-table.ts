import { engineNames } from '@fairway/service/engine-names';
import { withTable } from '@fairway/service/reference-page';
import { engineProfile } from './profile.ts';

/** The page about engines with the public image of each version, between its `<!-- images -->` markers. */
export function withImageTable(page: string): string {
  const rows = engineNames.flatMap(name =>
    (engineProfile(name).images ?? []).map(image => `| \`${name}\` | \`${image}\` |`),
  );
  return withTable(page, 'images', `${['| `engine.name` | image |', '| --- | --- |', ...rows].join('\n')}\n`);
}

/** The reference page with what each engine cannot do, between its `<!-- engines -->` markers. */
export function withEngineTable(page: string): string {
  const rows = engineNames.map(
    name => `| \`${name}\` | ${engineProfile(name).limitations.join('; ') || 'nothing known'} |`,
  );
  return withTable(
    page,
    'engines',
    `${['| `engine.name` | what it cannot do |', '| --- | --- |', ...rows].join('\n')}\n`,
  );
}
