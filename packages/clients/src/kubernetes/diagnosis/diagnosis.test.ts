import { diagnose } from './diagnosis.ts';
import type { ClusterEvent, ContainerState, Deployment, Pod } from '../workload.ts';

const deployment: Deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'hello-1a2b3c4d' } };

function pod(
  state: ContainerState,
  more: { restarts?: number; last?: ContainerState; limits?: Record<string, string>; container?: string } = {},
): Pod {
  const name = more.container ?? 'engine';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'hello-x' },
    spec: { containers: [{ name, resources: { limits: more.limits ?? { memory: '256Mi' } } }] },
    status: {
      containerStatuses: [
        {
          name,
          ready: false,
          restartCount: more.restarts ?? 0,
          image: 'registry/hello@sha256:0',
          state,
          lastState: more.last,
        },
      ],
    },
  };
}

function event(reason: string, message: string): ClusterEvent {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e' },
    reason,
    message,
    involvedObject: { kind: 'Pod', name: 'hello-x' },
  };
}

function inferenceService(status: Deployment['status']): Deployment {
  return {
    apiVersion: 'serving.kserve.io/v1alpha2',
    kind: 'LLMInferenceService',
    metadata: deployment.metadata,
    spec: { replicas: 1 },
    status,
  };
}

function denied(words: string, message = `pods "hello-1a2b3c4d-6b7c-" is forbidden: ${words}`): Deployment {
  return { ...deployment, status: { conditions: [{ type: 'ReplicaFailure', status: 'True', message }] } };
}

const crash = { terminated: { reason: 'Error', exitCode: 1 } };

const cases: readonly [
  string,
  { pods: readonly Pod[]; events?: readonly ClusterEvent[]; deployment?: Deployment },
  RegExp | undefined,
  boolean?,
][] = [
  [
    // as the controller of StatefulSets says it, Kubernetes 1.34
    'a group of pods whose last node is over the quota',
    {
      deployment: {
        apiVersion: 'leaderworkerset.x-k8s.io/v1',
        kind: 'LeaderWorkerSet',
        metadata: deployment.metadata,
        spec: { replicas: 1, leaderWorkerTemplate: { size: 2 } },
        status: { conditions: [{ type: 'Progressing', status: 'True' }] },
      },
      pods: [pod({ running: {} })],
      events: [
        {
          ...event(
            'FailedCreate',
            'create Pod hello-1a2b3c4d-0-1 in StatefulSet hello-1a2b3c4d-0 failed error: pods "hello-1a2b3c4d-0-1" is forbidden: exceeded quota: gpus, requested: requests.nvidia.com/gpu=8, used: requests.nvidia.com/gpu=8, limited: requests.nvidia.com/gpu=8',
          ),
          involvedObject: { kind: 'StatefulSet', name: 'hello-1a2b3c4d-0' },
        },
      ],
    },
    /^The quota of the namespace does not allow the pods: .*limited: requests\.nvidia\.com\/gpu=8/,
    false,
  ],
  [
    'a Rollout that its controller rejects',
    {
      deployment: {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Rollout',
        metadata: deployment.metadata,
        status: {
          conditions: [
            {
              type: 'InvalidSpec',
              status: 'True',
              reason: 'InvalidSpec',
              message:
                'The Rollout "hello-1a2b3c4d" is invalid: spec.strategy.strategy: Required value: Rollout has missing field \'.spec.strategy.canary or .spec.strategy.blueGreen\'',
            },
          ],
        },
      },
      pods: [],
    },
    /^The Rollout hello-1a2b3c4d is rejected by its controller: The Rollout .* is invalid/,
    true,
  ],
  [
    // as KServe 0.20 writes it (pkg/controller/v1alpha2/llmisvc/config_merge.go)
    'an LLMInferenceService without the base configuration of its controller',
    {
      deployment: inferenceService({
        conditions: [
          {
            type: 'PresetsCombined',
            status: 'False',
            reason: 'ConfigNotFound',
            message: 'LLMInferenceServiceConfig "kserve-config-llm-template" not found in namespaces [hello kserve]',
          },
        ],
      }),
      pods: [],
    },
    /^KServe does not run the LLMInferenceService hello-1a2b3c4d: PresetsCombined is false \(ConfigNotFound\): .* not found/,
    false,
  ],
  [
    'an LLMInferenceService whose pods start',
    {
      deployment: inferenceService({
        conditions: [
          { type: 'PresetsCombined', status: 'True' },
          { type: 'WorkloadsReady', status: 'False', reason: 'MinimumReplicasUnavailable', message: 'none' },
        ],
        workloads: { primary: { readyReplicas: 0 } },
      }),
      pods: [pod({ waiting: { reason: 'ContainerCreating' } })],
    },
    undefined,
  ],
  [
    'an LLMInferenceService whose Deployment may make no pods',
    {
      deployment: inferenceService({ conditions: [{ type: 'PresetsCombined', status: 'True' }] }),
      pods: [],
      events: [
        {
          ...event('FailedCreate', 'Error creating: pods "x" is forbidden: exceeded quota: gpus, requested: a=8'),
          involvedObject: { kind: 'ReplicaSet', name: 'hello-1a2b3c4d-kserve-6b7c' },
        },
      ],
    },
    /^The quota of the namespace does not allow the pods: .*exceeded quota: gpus/,
    false,
  ],
  [
    // knative.dev/pkg/kmeta shortens what has more than 63 characters, and ends it with a hash
    'an LLMInferenceService with a long name whose Deployment may make no pods',
    {
      deployment: inferenceService({
        workloads: { primary: { name: 'hel0123456789abcdef0123456789abcdef-kserve', readyReplicas: 0 } },
      }),
      pods: [],
      events: [
        {
          ...event('FailedCreate', 'Error creating: pods "x" is forbidden: exceeded quota: gpus, requested: a=8'),
          involvedObject: { kind: 'ReplicaSet', name: 'hel0123456789abcdef0123456789abcdef-kserve-6b7c' },
        },
      ],
    },
    /^The quota of the namespace does not allow the pods: .*exceeded quota: gpus/,
    false,
  ],
  [
    'a KServe that does not say how many pods are ready',
    {
      deployment: inferenceService({ conditions: [{ type: 'WorkloadsReady', status: 'True' }] }),
      pods: [pod({ running: {} })],
    },
    /its controller is older than 0\.20\.$/,
    false,
  ],
  [
    'an engine in the container that KServe calls main',
    { pods: [pod({ terminated: { reason: 'OOMKilled', exitCode: 137 } }, { container: 'main' })] },
    /^The engine needs more memory than its limit of 256Mi/,
    false,
  ],
  ['nothing wrong yet', { pods: [pod({ waiting: { reason: 'ContainerCreating' } })] }, undefined],
  [
    'an image that is not there',
    {
      pods: [pod({ waiting: { reason: 'ImagePullBackOff' } })],
      events: [
        event(
          'Failed',
          'Failed to pull image "registry/hello@sha256:0": rpc error: desc = failed to resolve reference "registry/hello@sha256:0": registry/hello@sha256:0: not found',
        ),
      ],
    },
    /^registry\/hello@sha256:0 is not in the registry: not found\.$/,
    true,
  ],
  [
    'refused pull credentials',
    {
      pods: [pod({ waiting: { reason: 'ErrImagePull' } })],
      events: [event('Failed', 'failed to pull: 401 Unauthorized')],
    },
    /pull credentials are missing or wrong/,
    true,
  ],
  [
    'a registry out of reach',
    {
      pods: [pod({ waiting: { reason: 'ErrImagePull' } })],
      events: [event('Failed', 'pull: dial tcp: connection refused')],
    },
    /cannot reach the registry/,
    false,
  ],
  ['a first crash', { pods: [pod(crash)] }, /ends by itself with exit code 1/, false],
  [
    'a crash loop',
    { pods: [pod({ waiting: { reason: 'CrashLoopBackOff' } }, { restarts: 2, last: crash })] },
    /ends by itself with exit code 1/,
    true,
  ],
  [
    'too little memory',
    {
      pods: [
        pod(
          { waiting: { reason: 'CrashLoopBackOff' } },
          { restarts: 1, last: { terminated: { reason: 'OOMKilled', exitCode: 137 } } },
        ),
      ],
    },
    /more memory than its limit of 256Mi/,
    true,
  ],
  [
    'an image that runs as root',
    {
      pods: [
        pod({
          waiting: {
            reason: 'CreateContainerConfigError',
            message: 'container has runAsNonRoot and image will run as root',
          },
        }),
      ],
    },
    /must run as a numeric user that is not root/,
    true,
  ],
  [
    'a missing secret',
    { pods: [pod({ waiting: { reason: 'CreateContainerConfigError', message: 'secret "x" not found' } })] },
    /secret that the pod names is missing/,
    false,
  ],
  [
    'a failing readiness probe',
    {
      pods: [pod({ running: {} })],
      events: [event('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503')],
    },
    /runs but is not ready: Readiness probe failed/,
    false,
  ],
  [
    'a startup probe that never succeeds',
    {
      pods: [pod({ running: {} }, { restarts: 2, last: crash })],
      events: [
        event('Killing', 'Container engine failed startup probe, will be restarted'),
        event('Unhealthy', 'Startup probe failed: connection refused'),
      ],
    },
    /does not become healthy: Startup probe failed/,
    true,
  ],
  [
    'no GPU',
    {
      pods: [
        {
          ...pod({}, { limits: { 'nvidia.com/gpu': '1' } }),
          status: {
            conditions: [
              {
                type: 'PodScheduled',
                status: 'False',
                reason: 'Unschedulable',
                message: '0/1 nodes are available: 1 Insufficient nvidia.com/gpu.',
              },
            ],
          },
        },
      ],
    },
    /No node has 1 free GPU of the class asked for \(nvidia.com\/gpu\)/,
    false,
  ],
  [
    'a quota',
    {
      pods: [],
      deployment: {
        ...deployment,
        status: { conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota: small' }] },
      },
    },
    /quota of the namespace does not allow the pods: exceeded quota/,
    false,
  ],
  // as the quota admission of the API server writes it (staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota)
  [
    'a quota that is smaller than one pod',
    {
      pods: [],
      deployment: denied(
        'pods "x" is forbidden: exceeded quota: gpus, requested: requests.nvidia.com/gpu=8, used: requests.nvidia.com/gpu=2, limited: requests.nvidia.com/gpu=4',
      ),
    },
    /^A quota of the namespace never allows such a pod, .*gpu=4\. Lower resources/,
    true,
  ],
  [
    'a quota of which nobody uses anything',
    {
      pods: [],
      deployment: denied(
        'pods "x" is forbidden: exceeded quota: ram, requested: requests.memory=2Ti, used: requests.memory=0, limited: requests.memory=64Gi',
      ),
    },
    /^A quota of the namespace never allows such a pod/,
    true,
  ],
  [
    'a quota that others use',
    {
      pods: [],
      deployment: denied(
        'pods "x" is forbidden: exceeded quota: gpus, requested: requests.memory=1000Gi, used: requests.memory=512Gi, limited: requests.memory=1Ti',
      ),
    },
    /They are made once other pods end or the quota is raised/,
    false,
  ],
  [
    'a priority that needs a quota',
    {
      pods: [],
      deployment: denied(
        'pods "x" is forbidden: insufficient quota to match these scopes: [{PriorityClass In [high]}]',
      ),
    },
    /only into namespaces with a quota for it: .* choose another workload\.priorityClass/,
    true,
  ],
  // Kyverno writes a list
  [
    'a policy that denies in several lines',
    {
      pods: [],
      deployment: denied(
        'admission webhook "validate.kyverno.svc-fail" denied the request: \n\nresource Pod/team/x was blocked due to the following policies \n\nrequire-labels:\n  check-team: label team is required',
      ),
    },
    /^The admission webhook validate\.kyverno\.svc-fail denies the pods: .*policies require-labels: check-team: label team is required$/,
    true,
  ],
  // as the quota admission of the API server writes it
  [
    'a quota that asks for a limit',
    {
      pods: [],
      deployment: denied('failed quota: compute-resources: must specify limits.cpu for: engine'),
    },
    /^A quota of the namespace allows only pods that state what these do not: .* LimitRange/,
    true,
  ],
  // plugin/pkg/admission/limitranger
  [
    'a LimitRange',
    {
      pods: [],
      deployment: denied('maximum memory usage per Container is 4Gi, but limit is 16Gi'),
    },
    /^A LimitRange of the namespace does not allow the pods: .*but limit is 16Gi\. Change resources/,
    true,
  ],
  // pkg/apis/core/validation, after the default limit was filled in
  [
    'a default limit of CPU below the request',
    {
      pods: [],
      deployment: denied(
        '',
        'Pod "hello-1a2b3c4d-6b7c-x" is invalid: spec.containers[0].resources.requests: Invalid value: "8": must be less than or equal to cpu limit of 2',
      ),
    },
    /^A LimitRange of the namespace does not allow the pods: .*cpu limit of 2\. Change resources/,
    true,
  ],
  [
    'a security context constraint of OpenShift',
    {
      pods: [],
      deployment: denied(
        'unable to validate against any security context constraint: [provider "anyuid": Forbidden: not usable by user or serviceaccount, provider restricted-v2: .containers[0].runAsUser: Invalid value: 65532: must be in the ranges: [1000680000, 1000689999]]',
      ),
    },
    /^No security context constraint of OpenShift allows the pods: .*runAsUser/,
    true,
  ],
  [
    'a runtime class that nobody has made',
    { pods: [], deployment: denied('pod rejected: RuntimeClass "nvidia" not found') },
    /^The cluster denies the pods: .*RuntimeClass "nvidia" not found/,
    true,
  ],
  // GKE Autopilot
  [
    'a pod that Autopilot does not allow',
    {
      pods: [],
      deployment: denied(
        '',
        'admission webhook "warden-validating.common-webhooks.networking.gke.io" denied the request: GKE Warden rejected the request because it violates one or more constraints.',
      ),
    },
    /^The admission webhook warden-validating\.common-webhooks\.networking\.gke\.io denies the pods/,
    true,
  ],
];

test.each(cases)('%s', (...[, given, cause, final]) => {
  const found = diagnose({ deployment: given.deployment ?? deployment, pods: given.pods, events: given.events ?? [] });
  if (!cause) expect(found).toBeUndefined();
  else {
    expect(found?.cause).toMatch(cause);
    expect(found?.final).toBe(final);
  }
});

test('events of other pods and pods that end are left out', () => {
  const ending = { ...pod(crash), metadata: { name: 'hello-x', deletionTimestamp: '2026-01-01T00:00:00Z' } };
  expect(diagnose({ deployment, pods: [ending], events: [event('FailedMount', 'no')] })).toBeUndefined();
});

// a LeaderWorkerSet makes no successor before the kubelet says that the pod has ended
test('a pod that stays on a node that does not answer is named', () => {
  const deletion = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
  };
  const ending: Pod = {
    ...pod({ running: {} }),
    metadata: { name: 'hello-x', deletionTimestamp: '2026-01-01T00:00:00Z' },
    spec: { nodeName: 'n1' },
    status: { phase: 'Running', conditions: [deletion] },
  };
  expect(diagnose({ deployment, pods: [ending], events: [] })).toMatchObject({
    final: false,
    cause: expect.stringMatching(
      /^The pod hello-x of the node n1 was to end and is still there: Taint manager: .*taint\. /,
    ),
  });
  const successor = pod({ waiting: { reason: 'ContainerCreating' } });
  const failedMount = { ...event('FailedMount', 'no'), involvedObject: { kind: 'Pod', name: 'hello-y' } };
  const found = diagnose({
    deployment,
    pods: [ending, { ...successor, metadata: { name: 'hello-y' } }],
    events: [failedMount],
  });
  expect(found?.cause).toMatch(/^The pod hello-y cannot mount a volume/);
});

// Kueue with waitForPodsReady (its event `Stopped` on a pod, pkg/controller/jobframework/reconciler.go)
test('that a queue ended a pod which took too long is said beside what its successor waits for', () => {
  const stopped: ClusterEvent = {
    ...event('Stopped', 'Exceeded the PodsReady timeout hello/pod-hello-1a2b3c4d-6b7c-q-0f1e2'),
    involvedObject: { kind: 'Pod', name: 'hello-1a2b3c4d-6b7c-q' },
  };
  const cause =
    /^Kueue ended the pod hello-1a2b3c4d-6b7c-q because it was not ready in time.*waitForPodsReady\.timeout/;
  expect(diagnose({ deployment, pods: [], events: [stopped] })).toMatchObject({
    final: false,
    cause: expect.stringMatching(cause),
  });
  const gated = { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' };
  const waits: Pod = { ...pod({}), status: { phase: 'Pending', conditions: [gated] } };
  const found = diagnose({ deployment, pods: [waits], events: [stopped] });
  expect(found).toMatchObject({ queued: true, cause: expect.stringMatching(cause) });
  expect(found?.cause).toMatch(/ The pod hello-x waits for its queue/);
  const others = { ...stopped, involvedObject: { kind: 'Pod', name: 'other-1' } };
  expect(diagnose({ deployment, pods: [], events: [others] })).toBeUndefined();
});

// its `preemptionMessage` (pkg/scheduler/preemption/preemption.go)
test('that a queue gave the quota of a pod to another request is said while its successor waits', () => {
  const stopped: ClusterEvent = {
    ...event(
      'Stopped',
      'Preempted to accommodate a workload (UID: 0f1e, JobUID: UNKNOWN) due to prioritization in the ClusterQueue; preemptor path: /gpus; preemptee path: /gpus',
    ),
    involvedObject: { kind: 'Pod', name: 'hello-1a2b3c4d-6b7c-q' },
  };
  const gated = { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' };
  const waits: Pod = { ...pod({}), status: { phase: 'Pending', conditions: [gated] } };
  expect(diagnose({ deployment, pods: [waits], events: [stopped] })).toMatchObject({
    queued: true,
    cause: expect.stringMatching(
      /^Kueue ended the pod hello-1a2b3c4d-6b7c-q for another request, .*due to prioritization .* The pod hello-x waits for its queue/,
    ),
  });
  expect(diagnose({ deployment, pods: [], events: [stopped] })).toBeUndefined();
});
