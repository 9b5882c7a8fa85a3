import { exportImage, removeImage } from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import {
  acceptUnknown,
  fixPlan,
  judgeFindings,
  placeOf,
  upgrades,
  withOtherFindings,
} from '@fairway/clients/scanner/index';
import type {
  FixAction,
  OtherReport,
  ScannedImage,
  Scanner,
  ScanPolicy,
  Upgrade,
} from '@fairway/clients/scanner/index';
import type { Layout } from '@fairway/image';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { packageManager } from './package-managers/index.ts';
import { upgradeEach } from './upgrade-each.ts';

/** An image of the layout that the daemon has too. */
export interface LoopImage {
  readonly digest: string;
  /** In the daemon. */
  readonly name: string;
}

export interface LoopRequest {
  readonly image: LoopImage;
  readonly policy: ScanPolicy;
  readonly database?: string;
  /** Of other scanners, about the image that was given. */
  readonly others: readonly OtherReport[];
  readonly attempts: number;
  readonly network: 'default' | 'host';
  readonly certificates?: Uint8Array;
  /** What is not to be upgraded, by `placeOf`, with the reason. */
  readonly without?: ReadonlyMap<string, Reason | string>;
  readonly today: Date;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

export interface LoopResult {
  /** The last image that was made; the given one when none was. */
  readonly image: LoopImage;
  readonly before: ScannedImage;
  readonly after: ScannedImage;
  readonly steps: readonly { readonly image: string; readonly plan: readonly FixAction[] }[];
  /** What stops the delivery still, with the reasons. */
  readonly left: readonly FixAction[];
}

/**
 * Scans, plans, patches and scans again until nothing blocks, no upgrade is left to try, or the attempts are spent. The daemon patches; each
 * patched image comes into the layout, where it is scanned.
 */
export async function remediateImage(
  { docker, scanner }: { docker: DockerEngine; scanner: Scanner },
  layout: Layout,
  request: LoopRequest,
): Promise<LoopResult> {
  const { policy, today, database, signal } = request;
  const scan = async ({ digest, name }: LoopImage) => {
    request.progress(`scanning ${name}`);
    const scanned = await scanner.scan({ layout: layout.folder, digest, database, signal });
    return acceptUnknown(withOtherFindings(scanned, request.others), policy.unknownPackages ?? [], today);
  };
  const before = await scan(request.image);
  const tried = new Map<string, Reason | string>(request.without);
  const steps: { image: string; plan: readonly FixAction[] }[] = [];
  let image = request.image;
  let after = before;
  for (;;) {
    const judgement = judgeFindings(after, policy, today);
    const plan = fixPlan(judgement, tried);
    const wanted = upgrades(plan);
    if (!judgement.blocking.length || !wanted.length || steps.length >= request.attempts) {
      return {
        image,
        before,
        after,
        steps,
        left: plan.filter(({ action }) => action !== 'accept-until' && action !== 'vex'),
      };
    }
    const name = `${request.image.name}-${steps.length + 1}`;
    const patched = await patch(docker, { ...request, from: image.name, tag: name, wanted });
    for (const [place, why] of patched.refused) tried.set(place, why);
    if (patched.refused.size === wanted.length) continue;
    if (image !== request.image) await removeImage(docker, image.name);
    request.progress(`storing ${name}`);
    const { digest } = await exportImage(docker, layout, { image: name, name: 'remediate', signal });
    image = { digest, name };
    const wasRefused = (action: FixAction) => action.action === 'patch-layer' && patched.refused.has(placeOf(action));
    steps.push({ image: digest, plan: plan.filter(action => !wasRefused(action)) });
    after = await scan(image);
    for (const upgrade of wanted) {
      const place = placeOf(upgrade);
      const still = after.findings.find(found => placeOf(found) === place && upgrade.findings.includes(found.id));
      if (still && !tried.has(place)) tried.set(place, offered(still.installed, upgrade.atLeast, patched.unreadable));
    }
  }
}

function offered(installed: string, atLeast: string, unreadable: readonly string[]): Reason {
  return unreadable.reduce(
    (said, words) => reasonOf('fix.unread', { offered: said, words }),
    reasonOf('fix.offered', { installed, atLeast }),
  );
}

/**
 * One layer for each package manager, and for each environment of Python.
 * @returns why by place of each package that was refused, and sources that could not be read; there is an image under `tag` unless all were refused
 */
async function patch(
  docker: DockerEngine,
  request: LoopRequest & { readonly from: string; readonly tag: string; readonly wanted: readonly Upgrade[] },
): Promise<{ readonly refused: ReadonlyMap<string, Reason | string>; readonly unreadable: readonly string[] }> {
  const refused = new Map<string, Reason | string>();
  const unreadable: string[] = [];
  let { from: image } = request;
  const groups = Map.groupBy(request.wanted, ({ manager, environment }) =>
    manager === 'pip' ? `pip in /${environment}` : manager,
  );
  for (const [by, group] of groups) {
    const [first] = group as [Upgrade, ...Upgrade[]];
    request.progress(`upgrading ${group.length} ${group.length === 1 ? 'package' : 'packages'} by ${by}`);
    const manager = packageManager(first);
    const upgraded = await upgradeEach(docker, { ...request, image, manager, wanted: group });
    for (const upgrade of group) {
      const why = upgraded.refused.get(upgrade);
      if (why !== undefined) refused.set(placeOf(upgrade), why);
    }
    unreadable.push(...upgraded.unreadable);
    if (upgraded.refused.size < group.length) image = request.tag;
  }
  return { refused, unreadable };
}
