import { exportImage, removeImage } from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import { acceptUnknown, fixPlan, judgeFindings, upgrades } from '@fairway/clients/scanner/index';
import type { FixAction, ScannedImage, Scanner, ScanPolicy } from '@fairway/clients/scanner/index';
import type { Layout } from '@fairway/image';
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
  readonly attempts: number;
  readonly network: 'default' | 'host';
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
    return acceptUnknown(scanned, policy.unknownPackages ?? [], today);
  };
  const before = await scan(request.image);
  const tried = new Map<string, string>();
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
    request.progress(`upgrading ${wanted.length} packages`);
    const packages = wanted.map(upgrade => upgrade.package);
    const patched = await upgradeEach(docker, { ...request, image: image.name, tag: name, packages });
    for (const [refused, why] of patched.refused) tried.set(refused, why);
    if (patched.refused.size === packages.length) continue;
    if (image !== request.image) await removeImage(docker, image.name);
    request.progress(`storing ${name}`);
    const { digest } = await exportImage(docker, layout, { image: name, name: 'remediate', signal });
    image = { digest, name };
    steps.push({ image: digest, plan });
    after = await scan(image);
    for (const upgrade of wanted) {
      const still = after.findings.find(
        finding => finding.package === upgrade.package && upgrade.findings.includes(finding.id),
      );
      if (still && !tried.has(upgrade.package))
        tried.set(
          upgrade.package,
          `the image's mirrors offer ${still.installed}, and ${upgrade.atLeast} is needed${patched.unreadable.map(said => `; apt could not read one of them: ${said}`).join('')}`,
        );
    }
  }
}
