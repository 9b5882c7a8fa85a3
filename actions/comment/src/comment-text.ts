import { stageOrder } from '@fairway/stage';
import type { DeliveryRecord } from '@fairway/stage';
import { code, few, table } from '@fairway/stage/markdown';
import type { Results } from './results.ts';

export interface Check {
  /** Folder of the service in the repository. */
  readonly service: string;
  /** That the check was for; empty for none. */
  readonly environment: string;
  /** How GitHub says that the run ended. */
  readonly conclusion: string;
  readonly commit: string;
  /** Of the run. */
  readonly address: string;
}

const marks = { pass: '✅', fail: '❌', inconclusive: '❔', skipped: '⏭️' } as const;

/**
 * What a check found, in Markdown. All that comes from the results stands in code, where it is neither a mention nor a link nor HTML; whether
 * the check passed is what GitHub says of its run.
 */
export function commentText({ record, base, scan, fix }: Results, check: Check): string {
  const passed = check.conclusion === 'success';
  const stages = stageOrder.flatMap(name => {
    const entry = record?.stages[name];
    return entry && !entry.stale
      ? [`| ${name} | ${marks[entry.verdict]} ${entry.verdict} | ${code(entry.reason)} |`]
      : [];
  });
  return [
    `### ${passed ? '✅' : '❌'} Fairway: ${code(record?.service.name ?? check.service)}${check.environment === '' ? '' : ` for ${code(check.environment)}`}`,
    '',
    `Commit ${check.commit.slice(0, 12)}, [the run](${check.address}) ended with ${check.conclusion}.`,
    '',
    ...(stages.length
      ? ['| stage | verdict | |', '| --- | --- | --- |', ...stages]
      : ['No stage has ended: the log of the run says why.']),
    ...findings(scan, base !== undefined),
    ...proposal(fix),
    ...size(record, base),
    '',
  ].join('\n');
}

function findings(scan: Results['scan'], compared: boolean): readonly string[] {
  if (!scan) return [];
  const { blocking, old } = scan.judgement;
  const stops = new Set(blocking);
  const found = scan.findings.filter(({ id, package: name }) => stops.has(`${id} ${name}`));
  const against = compared
    ? `${old.length} more are in packages that the base branch has in the same version.`
    : 'No delivery of the base branch is stored, so all findings count as new.';
  return [
    '',
    `**Findings.** ${found.length === 0 ? 'No new one stops' : `${found.length} new ones stop`} the delivery; ${scan.findings.length} in all. ${against}`,
    ...table(
      ['finding', 'severity', 'package', 'installed', 'fixed in'],
      found.map(({ id, severity, package: name, installed, fixed = '' }) => [id, severity, name, installed, fixed]),
    ),
  ];
}

function proposal(fix: Results['fix']): readonly string[] {
  const upgrades = (fix?.steps ?? []).flatMap(({ plan }) => plan.filter(({ action }) => action === 'patch-layer'));
  if (upgrades.length === 0) return [];
  return [
    '',
    '**Fixed in a layer on the image**, as every delivery does again until the Dockerfile or its base has these versions:',
    ...table(
      ['package', 'installed', 'at least', 'findings'],
      upgrades.map(({ package: name, installed = '', atLeast = '', findings: ids }) => [
        name,
        installed,
        atLeast,
        few(ids),
      ]),
    ),
  ];
}

function size(record: DeliveryRecord | undefined, base: DeliveryRecord | undefined): readonly string[] {
  const [now, before] = [record, base].map(one => Number(one?.stages.optimize?.outputs['size-after'] ?? Number.NaN));
  if (now === undefined || Number.isNaN(now)) return [];
  const difference =
    before === undefined || Number.isNaN(before)
      ? ''
      : `, ${megabytes(Math.abs(now - before))} ${now < before ? 'less' : 'more'} than the base branch`;
  return ['', `**Size.** ${megabytes(now)}${difference}.`];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
