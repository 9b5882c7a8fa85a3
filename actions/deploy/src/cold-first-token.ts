import type { Service } from '@fairway/service';
import { errorReason, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Evidence, StageContext } from '@fairway/stage';
import { askEngine } from '@fairway/clients/docker/chat-probe';
import type { Cluster } from '@fairway/clients/kubernetes/index';
import { reachVersion } from '@fairway/targets/workload/reach';

export interface ColdFirstToken {
  /** Seconds from the begin of the pull to the first token, and the image with which they were measured; empty where they never were. */
  readonly outputs: { readonly 'cold-first-token'?: string; readonly 'cold-image'?: string };
  readonly evidence: readonly Evidence[];
  /** What the budget says; absent where the service has none. */
  readonly said?: Reason;
  readonly over: boolean;
}

/** A version that is ready. */
interface Started {
  readonly revision: string;
  /** Image as registry/repository@sha256:… */
  readonly image: string;
  /** Seconds from the begin of the pull until its pods were ready; absent where nodes had the image. */
  readonly seconds: number | undefined;
}

/** How long a version takes from the begin of its pull to its first token: now, or else when its image was last pulled. */
export async function coldFirstToken(
  service: Service,
  { revision, image, seconds }: Started,
  cluster: Cluster,
  context: StageContext,
): Promise<ColdFirstToken> {
  const { maxColdSeconds } = service.image;
  const judged = (measured: number) => {
    if (maxColdSeconds === undefined) return { over: false };
    const over = measured > maxColdSeconds;
    const figures = { seconds: measured.toFixed(1), most: maxColdSeconds };
    return { over, said: reasonOf(over ? 'deploy.coldOver' : 'deploy.coldWithin', figures) };
  };
  const unknown = (why: Reason) => ({
    ...{ outputs: {}, evidence: [], over: false },
    ...(maxColdSeconds === undefined ? {} : { said: reasonOf('deploy.coldUnknown', { most: maxColdSeconds, why }) }),
  });
  if (seconds === undefined) {
    const former = context.record.stages.deploy?.outputs ?? {};
    const measured = former['cold-first-token'];
    if (measured === undefined || former['cold-image'] !== image) return unknown(reasonOf('deploy.coldPresent'));
    const outputs = { 'cold-first-token': measured, 'cold-image': image };
    return { outputs, evidence: [], ...judged(Number(measured)) };
  }
  context.log.progress('asking a pod for its first token');
  const way = await reachVersion(cluster, service, revision);
  try {
    const { firstTokenMilliseconds } = await askEngine(way.url, service.model.name, context.signal);
    const measured = seconds + firstTokenMilliseconds / 1000;
    const { compression } = context.record.stages.optimize?.outputs ?? {};
    const report = {
      image,
      compression,
      readySeconds: seconds,
      firstTokenMilliseconds,
      seconds: measured,
      maxColdSeconds,
    };
    context.log.info(`First token ${measured.toFixed(1)} s after the begin of the pull.`);
    return {
      outputs: { 'cold-first-token': measured.toFixed(1), 'cold-image': image },
      evidence: [await context.evidence('cold-start.json', 'application/json', JSON.stringify(report, null, 2))],
      ...judged(measured),
    };
  } catch (error) {
    context.signal.throwIfAborted();
    const words = way.problem() ?? (error as Error);
    context.log.info(`How long a cold start takes was not measured: ${words.message}`);
    return unknown(reasonOf('deploy.coldUnasked', { words: errorReason(words) }));
  } finally {
    await way.close();
  }
}
