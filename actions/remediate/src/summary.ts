import { stringify } from 'yaml';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { placeOf, upgrades } from '@fairway/clients/scanner/index';
import type { Finding, FixAction, ScanReport, Upgrade } from '@fairway/clients/scanner/index';
import { code } from '@fairway/stage/markdown';
import type { LoopResult } from './loop.ts';
import type { Proof } from './prove.ts';

const shown = 30;

/** What was upgraded in a layer to a version that is new enough. */
export function layered({ steps, left }: Pick<LoopResult, 'steps' | 'left'>): readonly Upgrade[] {
  const stay = new Set(left.flatMap(action => ('ecosystem' in action ? [placeOf(action)] : [])));
  return steps.flatMap(({ plan }) => upgrades(plan)).filter(upgrade => !stay.has(placeOf(upgrade)));
}

/**
 * What was done about the findings, and what can be done, as Markdown.
 * @param problem why it is not known whether the base has a newer image, as a sentence
 */
export function fixSummary(
  plan: readonly FixAction[],
  before: ScanReport,
  after: ScanReport,
  problem?: string,
): string {
  const rows = plan
    .slice(0, shown)
    .map(action => `| ${action.action} | ${place(action)} | ${detail(action)} | ${action.findings.length} |`);
  return [
    `${before.findings.length} findings before, ${after.findings.length} after.`,
    ...(rows.length ? ['', '| action | package | | findings |', '| --- | --- | --- | ---: |', ...rows] : []),
    ...(plan.length > shown ? ['', `… and ${plan.length - shown} more in fix-plan.json.`] : []),
    ...(problem === undefined ? [] : ['', code(problem)]),
    '',
  ].join('\n');
}

function place(action: FixAction): string {
  const environment = 'environment' in action ? action.environment : undefined;
  return environment === undefined ? action.package : `${action.package} in /${environment}`;
}

function detail(action: FixAction): string {
  if (action.action === 'patch-layer') return `${action.installed} → ${action.atLeast} or newer`;
  if (action.action === 'rebase')
    return `\`${action.package}@${action.to}\` in the place of ${action.from.slice(0, 19)}… may fix them: the scan of the next build says so`;
  if (action.action === 'remove') return `no other package needs it: ${code(action.command)}; ${action.because}`;
  if (action.action === 'vex') return `${action.status}: ${action.because}`;
  return action.action === 'accept-until' ? `until ${action.until}: ${action.because}` : action.because;
}

/** Why findings are left, in one sentence. */
export function unfixedReason(left: readonly FixAction[], blocking: readonly Finding[], attempts: number): Reason {
  const { length: number } = blocking;
  const found = number === 1 ? reasonOf('remediate.oneLeft') : reasonOf('remediate.left', { number });
  const unfixable = left.filter(
    action => action.action === 'rebuild' || action.action === 'unfixable-now' || action.action === 'remove',
  );
  const [first, ...others] = unfixable;
  if (!first) return reasonOf('remediate.spent', { left: found, attempts });
  const what = whatLeft(first);
  const all = others.length > 0 ? reasonOf('remediate.more', { what, number: others.length }) : what;
  return reasonOf('remediate.unfixed', { left: found, what: all });
}

type Unfixed = Extract<FixAction, { action: 'rebuild' | 'unfixable-now' | 'remove' }>;

function whatLeft(unfixed: Unfixed): Reason | string {
  const { package: name } = unfixed;
  const because = unfixed.coded ?? unfixed.because;
  if (unfixed.action === 'rebuild') return because;
  if (unfixed.action === 'unfixable-now') return reasonOf('remediate.notNow', { package: name, because });
  return reasonOf('remediate.removable', { package: name, because, command: unfixed.command });
}

/** Days for which an exception is proposed: long enough for a distribution to release a fix, short enough to be looked at again. */
const proposedDays = 30;

/** Lines of fairway.yaml that accept what is left for a time, as Markdown; only who answers for it and why is to be written. */
export function acceptLines(blocking: readonly Finding[], today: Date): string {
  if (blocking.length === 0) return '';
  return accepting('To accept what is left', blocking, 'findings-after.json', today);
}

/**
 * What the fixed image was tried by, as Markdown. Where its engine was not asked, a pod may be the first to find out, so there are lines that keep the
 * packages as they were.
 * @param fixed findings that the upgrades put right
 */
export function proofSummary({ programs }: Pick<Proof, 'programs'>, fixed: readonly Finding[], today: Date): string {
  if (!programs) return '\nThe engine of the fixed image was started and answered.\n';
  const rows = programs.map(({ name, after }) => `| ${name} | ${after === undefined ? 'as before' : 'not here'} |`);
  return [
    '\nThe engine could not run here, so its programs were tried, which proves less than an answer:\n',
    ...['| in the fixed image | |', '| --- | --- |', ...rows, ''],
    accepting(
      'Should the version not serve for one of the upgrades: to accept its findings',
      fixed,
      'findings-before.json',
      today,
    ),
  ].join('\n');
}

function accepting(purpose: string, blocking: readonly Finding[], file: string, today: Date): string {
  const until = new Date(today.getTime() + proposedDays * 86_400_000).toISOString().slice(0, 10);
  const exceptions = blocking
    .slice(0, shown)
    .map(finding => ({ id: finding.id, package: finding.package, owner: 'TEAM', reason: 'WHY', until }));
  const more = blocking.length > shown ? `\n… and ${blocking.length - shown} more in ${file}.\n` : '';
  return `\n${purpose} until ${until}, write who answers for it and why, and put this into \`fairway.yaml\`:\n\n\`\`\`yaml\n${stringify({ scan: { exceptions } })}\`\`\`\n${more}`;
}
