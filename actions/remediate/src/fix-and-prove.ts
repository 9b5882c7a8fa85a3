import { judgeFindings, placeOf, upgrades } from '@fairway/clients/scanner/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import type { Scanner } from '@fairway/clients/scanner/index';
import type { Layout } from '@fairway/image';
import type { ServiceFile } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Log } from '@fairway/stage';
import { remediateImage } from './loop.ts';
import type { LoopRequest, LoopResult } from './loop.ts';
import { provePatched } from './prove.ts';
import type { Proof } from './prove.ts';

export interface Fixed extends LoopResult {
  /** Absent where findings are left that stop the delivery, or nothing was upgraded. */
  readonly proof?: Proof;
}

/**
 * Fixes an image and proves that it still serves. Where it does not, and does without the upgrades of packages of Python and Node, these are undone and
 * named: what a distribution upgrades stays compatible, what a project releases may not.
 */
export async function fixAndProve(
  clients: { docker: DockerEngine; scanner: Scanner },
  layout: Layout,
  request: LoopRequest,
  file: ServiceFile,
  log: Log,
): Promise<Fixed> {
  const prove = ({ image }: LoopResult) =>
    provePatched(clients.docker, { before: request.image.name, after: image.name }, file, {
      log,
      signal: request.signal,
    });
  const fixed = await remediateImage(clients, layout, request);
  const { blocking } = judgeFindings(fixed.after, request.policy, request.today);
  if (blocking.length > 0 || fixed.steps.length === 0) return fixed;
  const proof = await prove(fixed);
  const projects = fixed.steps
    .flatMap(({ plan }) => upgrades(plan))
    .filter(({ manager }) => manager === 'pip' || manager === 'npm');
  if (proof.verdict !== 'fail' || projects.length === 0) return { ...fixed, proof };
  log.progress(`undoing the upgrades of ${projects.length} packages of Python and Node`);
  const because = reasonOf('fix.notServed', { reason: proof.reason });
  const without = new Map(projects.map(upgrade => [placeOf(upgrade), because]));
  const undone = await remediateImage(clients, layout, { ...request, without });
  return (await prove(undone)).verdict === 'fail' ? { ...fixed, proof } : undone;
}
