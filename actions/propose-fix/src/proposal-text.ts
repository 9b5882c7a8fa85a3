import { code, few, table } from '@fairway/stage/markdown';
import type { Fix } from './propose-fix.ts';

/** What a pull request with a fix says, in Markdown. All that was read somewhere stands in code. */
export function proposalText(
  { bases, fixes }: Fix,
  { service, run }: { readonly service: string; readonly run: string },
): string {
  const moved = bases.filter(({ from, to }) => to !== undefined && to !== from);
  const unknown = bases.filter(({ problem }) => problem !== undefined);
  return [
    `Images of ${code(service)} that answer users have vulnerabilities for which there are fixes: [the run that found them](${run}).`,
    ...table(
      ['package', 'installed', 'at least', 'findings', 'what is done'],
      fixes.map(({ package: name, installed, atLeast, findings, done }) => [
        name,
        installed,
        atLeast,
        few(findings),
        done,
      ]),
    ),
    ...(moved.length > 0
      ? [
          '',
          '**Base images.**',
          ...table(
            ['image', 'from', 'to'],
            moved.map(({ image, from = 'the tag alone', to = '' }) => [image, from.slice(0, 19), to.slice(0, 19)]),
          ),
        ]
      : []),
    ...unknown.map(({ image, problem = '' }) => `\nToday's digest of ${code(image)} is not known: ${code(problem)}`),
    '',
    'The next run writes this branch anew. Nothing of it was built or tried: let the check of pull requests do it.',
    '',
  ].join('\n');
}
