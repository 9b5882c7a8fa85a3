import { BuildError, removeImage } from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import { acceptUnknown, judgeFindings, scanDockerImage } from '@fairway/clients/scanner/index';
import type { ScannedImage, Scanner, ScanPolicy } from '@fairway/clients/scanner/index';
import { fixPlan, upgrades } from './fix-plan.ts';
import type { FixAction } from './fix-plan.ts';
import { patchImage } from './patch.ts';

export interface LoopRequest {
  readonly image: string;
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
  readonly image: string;
  readonly before: ScannedImage;
  readonly after: ScannedImage;
  readonly steps: readonly { readonly image: string; readonly plan: readonly FixAction[] }[];
  /** What stops the delivery still, with the reasons. */
  readonly left: readonly FixAction[];
}

/** Scans, plans, patches and scans again until nothing blocks, no upgrade is left to try, or the attempts are spent. */
export async function remediateImage(
  { docker, scanner }: { docker: DockerEngine; scanner: Scanner },
  request: LoopRequest,
): Promise<LoopResult> {
  const { policy, today } = request;
  const scan = async (image: string) =>
    acceptUnknown(
      await scanDockerImage(docker, scanner, { image, database: request.database, signal: request.signal }),
      policy.unknownPackages ?? [],
      today,
    );
  request.progress(`scanning ${request.image}`);
  const before = await scan(request.image);
  const tried = new Map<string, string>();
  const steps: { image: string; plan: readonly FixAction[] }[] = [];
  let image = request.image;
  let after = before;
  for (;;) {
    const judgement = judgeFindings(after.findings, policy, today);
    const plan = fixPlan(judgement, tried);
    const wanted = upgrades(plan);
    if (!judgement.blocking.length || !wanted.length || steps.length >= request.attempts) {
      return { image, before, after, steps, left: plan.filter(action => action.action !== 'accept-until') };
    }
    const tag = `${request.image}-${steps.length + 1}`;
    request.progress(`upgrading ${wanted.length} packages`);
    try {
      await patchImage(docker, { ...request, image, tag, packages: wanted.map(upgrade => upgrade.package) });
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      // apt changed nothing: its words are the reason, for each of the packages
      const said = /^(E: .+|.*apt-get: not found)$/m.exec(error.output)?.[1] ?? error.output.split('\n').at(-1) ?? '';
      for (const upgrade of wanted) tried.set(upgrade.package, `apt-get refused the upgrade: ${said}`);
      continue;
    }
    if (image !== request.image) await removeImage(docker, image);
    image = tag;
    steps.push({ image, plan });
    request.progress(`scanning ${image}`);
    after = await scan(image);
    for (const upgrade of wanted) {
      const still = after.findings.find(
        finding => finding.package === upgrade.package && upgrade.findings.includes(finding.id),
      );
      if (still)
        tried.set(upgrade.package, `the image's mirrors offer ${still.installed}, and ${upgrade.atLeast} is needed`);
    }
  }
}
