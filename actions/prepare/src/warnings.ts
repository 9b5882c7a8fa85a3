import { engineContainer } from '@fairway/clients/kubernetes/names';
import { engineProfile, flagName, isBefore, mainMemoryProblem } from '@fairway/engines';
import { longestStreamSeconds } from '@fairway/service/longest-stream';
import { gib, gibibyte } from '@fairway/service/gibibyte';
import { gpuClasses } from '@fairway/service';
import type { ModelFacts, Problem, ServiceFile } from '@fairway/service';
import { lacksRoom, podsOfShare, sharesByPods } from '@fairway/service/release-pods';
import { freezeAt } from '@fairway/service/freeze';
import { pullsItself } from '@fairway/targets/workload/puller';

/**
 * What does not stop a delivery and should be known.
 * @param version of the engine, where the Dockerfile tells it
 */
export function warnings(
  { service, place }: ServiceFile,
  model: ModelFacts,
  version: string | undefined,
  now: Date,
): Problem[] {
  const today = now.toISOString().slice(0, 10);
  const license: Problem[] = model.license
    ? []
    : [
        {
          message:
            'The licence of the model is unknown: neither fairway.yaml nor the model tells. Write it as model.license after reading it.',
          at: place('model'),
        },
      ];
  const expired = service.scan.exceptions.flatMap((exception, index) =>
    exception.until < today
      ? [
          {
            message: `The exception for ${exception.id} ended on ${exception.until} and no longer counts. Fix the finding, or decide again.`,
            at: place('scan', 'exceptions', index),
          },
        ]
      : [],
  );
  const unknownAgain = service.scan.unknownPackages.flatMap(({ kind, until }, index) =>
    until < today
      ? [
          {
            message: `That nothing is known of packages of the kind ${kind} was accepted until ${until} and no longer is. Give the scan a database that knows them, or decide again.`,
            at: place('scan', 'unknownPackages', index),
          },
        ]
      : [],
  );
  const freeze = freezeAt(service.release, now);
  const frozen: Problem[] = freeze
    ? [
        {
          message: `Nobody releases until ${freeze.until.toISOString()} (${freeze.reason}): this delivery will stop before its release.`,
          at: place('release', 'freeze'),
        },
      ]
    : [];
  const { drain } = engineProfile(service.engine.name);
  const given = service.engine.arguments.some(word => flagName(service.engine.name, word) === drain?.argument);
  const aborts: Problem[] =
    drain && !given && version !== undefined && !isBefore(version, drain.since)
      ? [
          {
            message: `When a pod ends, ${service.engine.name} ${version} aborts the requests that run. Give it ${drain.argument} ${longestStreamSeconds(service)} in engine.arguments, so that it finishes them.`,
            at: place('engine'),
          },
        ]
      : [];
  const memory = mainMemoryProblem({ service, place }, model.bytes);
  return [
    ...(memory ? [memory] : []),
    ...license,
    ...expired,
    ...unknownAgain,
    ...frozen,
    ...aborts,
    ...downloads({ service, place }, model.bytes),
    ...deviceGroup({ service, place }),
    ...pods({ service, place }),
    ...shares({ service, place }),
  ];
}

/** What pods that state none may write on GKE Autopilot (https://docs.cloud.google.com/kubernetes-engine/docs/concepts/autopilot-resource-requests). */
const leastDisk = gibibyte;

/** Weights that pods write to the disk of their node: the scheduler and the kubelet count it only where a pod asks for it. */
function downloads({ service, place }: Pick<ServiceFile, 'service' | 'place'>, bytes: number): Problem[] {
  const { weights } = service.model;
  if (weights?.claim !== undefined || !(weights?.from === 'hub' || pullsItself(service))) return [];
  if (bytes < leastDisk || JSON.stringify(service.workload.patches).includes('ephemeral-storage')) return [];
  return [
    {
      message: `Each pod writes ${gib(bytes)} of weights to the disk of its node and asks for none of it: it may come to a node that has less and is evicted there, and GKE Autopilot evicts it over 1 GiB. Ask for that much and what else the engine writes by workload.patches (requests and limits of ephemeral-storage of the container ${engineContainer}), or keep the weights on a volume (model.weights.claim).`,
      at: place('model', 'weights'),
    },
  ];
}

/** NVIDIA's devices are open to every user of a node. Those of others belong to a group, and pods do not run as root. */
function deviceGroup({ service, place }: Pick<ServiceFile, 'service' | 'place'>): Problem[] {
  const { resource = '' } = gpuClasses.get(service.resources.gpu?.class ?? '') ?? {};
  const device = deviceFiles.find(([vendor]) => resource.startsWith(vendor))?.[1];
  if (!device || JSON.stringify(service.workload.patches).includes('supplementalGroups')) return [];
  return [
    {
      message: `${device} belongs to a group of the node, and the user of the pods is in none. Unless the container runtime gives devices to that user (device_ownership_from_security_context), the engine sees no GPU. Give the pods the group that \`ls -ln ${device}\` shows on such a node, by workload.patches: securityContext.supplementalGroups (docs/workloads.md).`,
      at: place('resources', 'gpu'),
    },
  ];
}

const deviceFiles: readonly (readonly [vendor: string, device: string])[] = [
  ['amd.com/', '/dev/kfd'],
  ['gpu.intel.com/', '/dev/dri/renderD128'],
];

/** What a release costs that replaces one pod after another. */
function pods({ service: { release, resources }, place }: Pick<ServiceFile, 'service' | 'place'>): Problem[] {
  if (!lacksRoom({ release, resources })) return [];
  const kept = release.keep > 0;
  return [
    ...(release.surge === 0
      ? [
          {
            message: `With \`release.surge: 0\` a release takes one of the ${resources.replicas} pods: from the deploy to the end of the release the others carry all traffic. With 1 no pod is missing.`,
            at: place('release', 'surge'),
          },
        ]
      : []),
    ...(kept
      ? [
          {
            message: `\`release.keep: ${release.keep}\` does not apply: with a \`release.surge\` of ${release.surge} there is no room to keep the version before beside ${resources.replicas} pods. Going back after a release is a new delivery. Remove \`keep\`, or raise \`surge\` to ${resources.replicas}.`,
            at: place('release', 'keep'),
          },
        ]
      : []),
  ];
}

/** Steps that the number of pods does not come to, where users are divided by it, and what comes of them. */
function shares({ service, place }: Pick<ServiceFile, 'service' | 'place'>): Problem[] {
  if (!sharesByPods(service)) return [];
  return service.release.steps.flatMap(({ weight }, index) => {
    const { candidate, stable, share } = podsOfShare(service, weight);
    if (Math.round(share) === weight) return [];
    const { replicas } = service.resources;
    return [
      {
        message: `Pods cannot divide users so that the new version gets ${weight} %: with \`gateway.own\` their number is the share. This step has ${candidate} of ${candidate + stable} pods, which is ${Math.round(share)} %${share > weight ? ` and the least that there is with ${replicas} replicas and a \`release.surge\` of ${service.release.surge}` : ''}.`,
        at: place('release', 'steps', index, 'weight'),
      },
    ];
  });
}
