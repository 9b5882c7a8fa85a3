import type { Finding } from './finding.ts';
import { compareVersions } from './fixed-version.ts';
import type { Judgement } from './judge.ts';
import { whyHarmless } from './vex.ts';

/** What is done about one package's findings. */
export type FixAction =
  | {
      readonly action: 'upgrade';
      readonly package: string;
      readonly installed: string;
      readonly atLeast: string;
      readonly findings: readonly string[];
    }
  | {
      readonly action: 'accept-until';
      readonly package: string;
      readonly until: string;
      readonly because: string;
      readonly findings: readonly string[];
    }
  | {
      readonly action: 'vex';
      readonly package: string;
      readonly status: string;
      readonly because: string;
      readonly findings: readonly string[];
    }
  | {
      readonly action: 'unfixable-now';
      readonly package: string;
      readonly because: string;
      /** What the source of the service has to require; absent where that is not the way. */
      readonly require?: { readonly ecosystem: string; readonly installed: string; readonly atLeast: string };
      readonly findings: readonly string[];
    };

/** Package managers whose upgrades are a layer on the image. */
const patched = new Set(['debian', 'ubuntu']);

/**
 * Decides what to do about every finding that blocks, is accepted or is stated harmless. `tried` names packages that an upgrade was already asked
 * for without effect, each with the reason, so that the loop ends.
 */
export function fixPlan(
  judgement: Pick<Judgement, 'blocking' | 'accepted' | 'stated'>,
  tried: ReadonlyMap<string, string>,
): readonly FixAction[] {
  const blocking = [...Map.groupBy(judgement.blocking, finding => `${finding.ecosystem} ${finding.package}`).values()];
  const accepted = judgement.accepted.map(({ finding, exception }): FixAction => ({
    action: 'accept-until',
    package: finding.package,
    until: exception.until,
    because: exception.reason,
    findings: [finding.id],
  }));
  const stated = judgement.stated.map(({ finding, statement }): FixAction => ({
    action: 'vex',
    package: finding.package,
    status: statement.status,
    because: whyHarmless(statement),
    findings: [finding.id],
  }));
  return [...blocking.map(findings => actionFor(findings as [Finding, ...Finding[]], tried)), ...accepted, ...stated];
}

function actionFor(findings: readonly [Finding, ...Finding[]], tried: ReadonlyMap<string, string>): FixAction {
  const [{ package: name, ecosystem, installed }] = findings;
  const ids = findings.map(finding => finding.id);
  const because = tried.get(name);
  if (because !== undefined) return { action: 'unfixable-now', package: name, because, findings: ids };
  const atLeast = findings
    .map(finding => finding.fixed ?? '')
    .reduce((newest, version) => (compareVersions(ecosystem, version, newest) > 0 ? version : newest));
  if (!patched.has(ecosystem)) {
    const files = [...new Set(findings.flatMap(finding => finding.path ?? []))];
    const where = files.length ? ` (in ${files.slice(0, 3).join(', ')}${files.length > 3 ? ' and others' : ''})` : '';
    return {
      action: 'unfixable-now',
      package: name,
      because: `it is a package of the kind ${ecosystem}${where}, which belongs to the service: require ${name} ${atLeast} there`,
      require: { ecosystem, installed, atLeast },
      findings: ids,
    };
  }
  return { action: 'upgrade', package: name, installed, atLeast, findings: ids };
}

export function upgrades(plan: readonly FixAction[]): readonly Extract<FixAction, { action: 'upgrade' }>[] {
  return plan.filter(action => action.action === 'upgrade');
}
