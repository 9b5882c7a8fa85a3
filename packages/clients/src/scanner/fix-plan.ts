import { english, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Finding } from './finding.ts';
import { compareVersions } from './fixed-version.ts';
import type { Judgement } from './judge.ts';
import { whyHarmless } from './vex.ts';

/** Who upgrades a package in a layer on the image. */
export type PackageManagerName = 'apt' | 'apk' | 'dnf' | 'zypper' | 'pip' | 'npm';

/** A package with findings that have a fix. */
interface Vulnerable {
  readonly package: string;
  readonly ecosystem: string;
  readonly installed: string;
  readonly atLeast: string;
  /** Where it lies, without a leading slash: folder of the packages of Python or Node that it is one of, or the program that it is compiled into. */
  readonly environment?: string;
  readonly findings: readonly string[];
}

/** Why it is not fixed in a layer, as half a sentence, and as a code where it has one. */
interface Unfixed {
  readonly because: string;
  readonly coded?: Reason;
}

/** A package that is upgraded in a layer. */
export type Upgrade = Vulnerable & { readonly action: 'patch-layer'; readonly manager: PackageManagerName };

/** The base image has a newer one under its tag. Whether that has the fixes is known once it is scanned. */
export interface Rebase {
  readonly action: 'rebase';
  /** The image as the Dockerfile names it, with its tag and without its digest. */
  readonly package: string;
  /** Digest of the base that the image stands on. */
  readonly from: string;
  /** Digest that the tag has today. */
  readonly to: string;
  /** Those of packages in layers of the base. */
  readonly findings: readonly string[];
}

/** What is done about one package's findings, or those of a base image. */
export type FixAction =
  | Upgrade
  | Rebase
  | (Vulnerable & Unfixed & { readonly action: 'rebuild' })
  | (Vulnerable & Unfixed & { readonly action: 'unfixable-now' })
  /** It cannot be fixed now, and no other package needs it. */
  | (Vulnerable &
      Unfixed & {
        readonly action: 'remove';
        /** Line of a Dockerfile. */
        readonly command: string;
      })
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
    };

/** By Trivy's names of the distributions and languages. */
const managers: Readonly<Record<string, PackageManagerName>> = {
  debian: 'apt',
  ubuntu: 'apt',
  echo: 'apt',
  alpine: 'apk',
  wolfi: 'apk',
  chainguard: 'apk',
  minimos: 'apk',
  redhat: 'dnf',
  centos: 'dnf',
  rocky: 'dnf',
  alma: 'dnf',
  fedora: 'dnf',
  oracle: 'dnf',
  amazon: 'dnf',
  'cbl-mariner': 'dnf',
  azurelinux: 'dnf',
  photon: 'dnf',
  opensuse: 'zypper',
  'opensuse-leap': 'zypper',
  'opensuse-tumbleweed': 'zypper',
  sles: 'zypper',
  slem: 'zypper',
  // as earlier releases of Trivy have them
  'opensuse.leap': 'zypper',
  'opensuse.tumbleweed': 'zypper',
  'suse linux enterprise server': 'zypper',
  'python-pkg': 'pip',
  'node-pkg': 'npm',
};

/** What is compiled into a program, as who builds it names it. */
const compiled: Readonly<Record<string, (name: string, version: string) => Reason | string>> = {
  gobinary: (name, version) => (name === 'stdlib' ? `Go ${version}` : `${name} v${version}`),
  rustbinary: (name, version) => reasonOf('fix.crate', { name, version }),
};

/**
 * Decides what to do about every finding that blocks, is accepted or is stated harmless.
 * @param tried packages that an upgrade was already asked for without effect, by `placeOf`, each with the reason, so that the loop ends
 */
export function fixPlan(
  judgement: Pick<Judgement, 'blocking' | 'accepted' | 'stated'>,
  tried: ReadonlyMap<string, Reason | string>,
): readonly FixAction[] {
  const blocking = [...Map.groupBy(judgement.blocking, placeOf).values()];
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

/** One package at one place, as a key: a plan has one action for each. */
export function placeOf(
  of: Pick<Finding, 'ecosystem' | 'package' | 'path'> & { readonly environment?: string },
): string {
  return JSON.stringify([of.ecosystem, of.package, of.environment ?? environmentOf(of)]);
}

// from the first node_modules on nothing but packages: what lies deeper in the files of one is its own matter
const inNodeModules =
  /^((?:(?!node_modules\/)[^/\n]+\/)*node_modules(?:\/(?:@[^/\n]+\/)?[^/\n]+\/node_modules)*)\/((?:@[^/\n]+\/)?[^/\n]+)\/package\.json$/;

function environmentOf({
  ecosystem,
  package: name,
  path = '',
}: Pick<Finding, 'ecosystem' | 'package' | 'path'>): string | undefined {
  if (ecosystem in compiled) return path || undefined;
  if (ecosystem === 'node-pkg') {
    const [, folder, own] = inNodeModules.exec(path) ?? [];
    return own === name ? folder : undefined;
  }
  if (ecosystem !== 'python-pkg') return undefined;
  return /^(.*?\blib(?:64)?\/python3\.\d+t?\/(?:site|dist)-packages)\/[^/]+\.(?:dist|egg)-info(?:\/[^/]+)?$/.exec(
    path,
  )?.[1];
}

function actionFor(findings: readonly [Finding, ...Finding[]], tried: ReadonlyMap<string, Reason | string>): FixAction {
  const [{ package: name, ecosystem, installed }] = findings;
  const environment = environmentOf(findings[0]);
  const found: Vulnerable = {
    package: name,
    ecosystem,
    installed,
    atLeast: findings
      .map(finding => finding.fixed ?? '')
      .reduce((newest, version) => (compareVersions(ecosystem, version, newest) > 0 ? version : newest)),
    ...(environment === undefined ? {} : { environment }),
    findings: findings.map(finding => finding.id),
  };
  const manager = packageManagerOf(ecosystem);
  const because = tried.get(placeOf(findings[0])) ?? whyNot(found, manager, findings);
  return because === undefined && manager !== undefined
    ? { action: 'patch-layer', manager, ...found }
    : { action: ecosystem in compiled ? 'rebuild' : 'unfixable-now', ...unfixed(because ?? ''), ...found };
}

function unfixed(because: Reason | string): Unfixed {
  return typeof because === 'string' ? { because } : { because: english(because), coded: because };
}

/** Why no layer on the image can upgrade it. */
function whyNot(
  { package: name, ecosystem, installed, atLeast, environment }: Vulnerable,
  manager: PackageManagerName | undefined,
  findings: readonly Finding[],
): Reason | undefined {
  const files = [...new Set(findings.flatMap(finding => finding.path ?? []))];
  const where = files.length === 0 ? '' : inFiles(files);
  const build = compiled[ecosystem];
  if (build) {
    const program = environment === undefined ? reasonOf('fix.theProgram') : `/${environment}`;
    return reasonOf('fix.rebuild', { program, build: build(name, atLeast.replace(/^(?:v|go)(?=\d)/, '')) });
  }
  const older =
    compareVersions(ecosystem, atLeast, installed) < 0
      ? reasonOf('fix.noneNewer', { installed, where, atLeast })
      : undefined;
  if (manager === 'npm') {
    if (/(?:^|\/)\.pnpm\//.test(findings[0]?.path ?? ''))
      return reasonOf('fix.pnpm', { where, package: name, atLeast });
    if (environment === undefined) return reasonOf('fix.noNodeModules', { where, package: name, atLeast });
    return older;
  }
  if (manager === 'pip') {
    if (/\buv\/archive-v\d+\//.test(findings[0]?.path ?? '')) return reasonOf('fix.uvCache', { where });
    if (environment === undefined) return reasonOf('fix.noPython', { where, package: name, atLeast });
    // 2.6.0+cu124 is one of several builds of 2.6.0, and the public index has another
    if (installed.includes('+')) return reasonOf('fix.ownBuild', { installed, package: name, atLeast });
    return older;
  }
  if (manager !== undefined) return undefined;
  return reasonOf('fix.otherKind', { kind: ecosystem, where, package: name, atLeast });
}

function inFiles(files: readonly string[]): Reason {
  const some = { files: files.slice(0, 3).join(', ') };
  return files.length > 3 ? reasonOf('fix.inFilesAndOthers', some) : reasonOf('fix.inFiles', some);
}

/** Who could change a package of this kind; undefined where nobody here can. */
export function packageManagerOf(ecosystem: string): PackageManagerName | undefined {
  return managers[ecosystem];
}

export function upgrades(plan: readonly FixAction[]): readonly Upgrade[] {
  return plan.filter(action => action.action === 'patch-layer');
}
