import type { ClusterEvent, ContainerState, ContainerStatus, Pod, PodContainer } from '../workload.ts';
import { diagnosePod } from './diagnosis.ts';

// Messages as the kubelet and the scheduler of Kubernetes 1.34 format them, and containerd 2 and NVIDIA's runtime within them.
const digest = `sha256:${'401403'.padEnd(64, '0')}`;
const image = `registry.example/llm@${digest}`;
const rpc = `failed to pull and unpack image "${image}": failed to resolve reference "${image}"`;
const backOff = (answer: string) => ({
  waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}": ErrImagePull: ${answer}` },
});

type Status = Partial<ContainerStatus>;

function pod(status: Pod['status'], spec: Pod['spec'] = {}): Pod {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'llm-x' }, spec: { nodeName: 'n1', ...spec }, status };
}

function engine(state: ContainerState, more: Status = {}): Pod {
  const limits = { memory: '16Gi', 'nvidia.com/gpu': '1' };
  return pod(
    { phase: 'Pending', containerStatuses: [status('engine', state, more)] },
    { containers: [{ name: 'engine', resources: { limits } }] },
  );
}

function status(name: string, state: ContainerState, more: Status = {}): ContainerStatus {
  return { name, ready: false, restartCount: 0, image, state, ...more };
}

function failed(reason: string, message: string): Pod {
  return pod({ phase: 'Failed', reason, message });
}

function unscheduled(message: string, reason = 'Unschedulable'): Pod {
  const conditions = [{ type: 'PodScheduled', status: 'False', reason, message }];
  const limits = { 'nvidia.com/gpu': '2' };
  return pod(
    { phase: 'Pending', conditions },
    { nodeName: undefined, containers: [{ name: 'engine', resources: { limits } }] },
  );
}

/** With an image as a volume, from which the engine has its model. */
function withModel(state: ContainerState): Pod {
  const own = engine(state);
  const volumes = [{ name: 'model', image: { reference: 'registry.example/weights:v1' } }];
  return { ...own, spec: { ...own.spec, volumes } };
}

function disrupted(reason: string, message: string): Pod {
  const ends = status('engine', { terminated: { reason: 'Error', exitCode: 143 } });
  const conditions = [{ type: 'DisruptionTarget', status: 'True', reason, message }];
  return pod({ phase: 'Failed', conditions, containerStatuses: [ends] });
}

function before(init: ContainerStatus, spec: PodContainer = { name: init.name }): Pod {
  const waits = status('engine', { waiting: { reason: 'PodInitializing' } });
  return pod(
    { phase: 'Pending', initContainerStatuses: [init], containerStatuses: [waits] },
    { initContainers: [spec] },
  );
}

function event(reason: string, message: string): ClusterEvent {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e' },
    reason,
    message,
    involvedObject: { name: 'llm-x' },
  };
}

const preemption = ' preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling.';
const waitsFor = 'passes';
const never = 'final';

type Row = readonly [
  state: string,
  pod: Pod,
  cause: RegExp,
  ends: typeof waitsFor | typeof never,
  event?: ClusterEvent,
];

const rows: readonly Row[] = [
  // admission, eviction and the end of a node
  [
    'devices that the kubelet cannot allocate',
    failed(
      'UnexpectedAdmissionError',
      'Pod was rejected: Allocate failed due to no healthy devices present; cannot allocate unhealthy devices nvidia.com/gpu, which is unexpected',
    ),
    /^The node n1 does not admit the pod llm-x: Pod was rejected: Allocate failed due to no healthy devices present.*device plugin/,
    waitsFor,
  ],
  [
    'a GPU that another pod took',
    failed(
      'OutOfnvidia.com/gpu',
      "Pod was rejected: Node didn't have enough resource: nvidia.com/gpu, requested: 1, used: 8, capacity: 8",
    ),
    /too little nvidia\.com\/gpu left for the pod/,
    waitsFor,
  ],
  [
    'memory that another pod took',
    failed(
      'OutOfmemory',
      "Pod was rejected: Node didn't have enough resource: memory, requested: 17179869184, used: 1, capacity: 2",
    ),
    /too little memory left/,
    waitsFor,
  ],
  [
    'labels that changed',
    failed(
      'NodeAffinity',
      "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
    ),
    /labels of the node n1 changed/,
    waitsFor,
  ],
  [
    'eviction for disk',
    failed(
      'Evicted',
      'The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 8Gi. Container engine was using 40Gi, request is 0, has larger consumption of ephemeral-storage. ',
    ),
    /^The node n1 evicted the pod llm-x: The node was low on resource: ephemeral-storage\..* write less there/,
    waitsFor,
  ],
  [
    'eviction for an emptyDir',
    failed('Evicted', 'Usage of EmptyDir volume "tmp" exceeds the limit "1Gi". '),
    /EmptyDir volume "tmp" exceeds.* write less there/,
    waitsFor,
  ],
  // the words of pkg/kubelet/eviction/helpers.go: localStorage limits, and nodeConditionMessageFmt of its admission
  [
    'eviction for the limit of a pod',
    failed('Evicted', 'Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. '),
    /exceeds the total limit of containers 1Gi\. It wrote more to its disk than its limit: .*ephemeral-storage/,
    waitsFor,
  ],
  [
    'eviction for the limit of a container',
    failed('Evicted', 'Container engine exceeded its local ephemeral storage limit "10Gi". '),
    /It wrote more to its disk than its limit/,
    waitsFor,
  ],
  [
    'a node that lacks memory as the pod comes',
    failed('Evicted', 'Pod was rejected: The node had condition: [MemoryPressure]. '),
    /^The node n1 takes no such pod at the moment, and did not start the pod llm-x: .*\[MemoryPressure\]\.$/,
    waitsFor,
  ],
  [
    'eviction for memory',
    failed('Evicted', 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. '),
    /Raise resources\.memory/,
    waitsFor,
  ],
  [
    'a node that shuts down',
    failed('Terminated', 'Pod was terminated in response to imminent node shutdown.'),
    /node n1 shuts down/,
    waitsFor,
  ],
  [
    'preemption',
    failed('Preempting', 'Preempted in order to admit critical pod'),
    /gave way to one of a higher priority/,
    waitsFor,
  ],

  // the scheduler
  [
    'too little memory for a pod with a GPU',
    unscheduled(
      `0/5 nodes are available: 2 Insufficient memory, 3 node(s) didn't match Pod's node affinity/selector.${preemption}`,
    ),
    /^No node has enough memory left for the pod llm-x/,
    waitsFor,
  ],
  [
    'no GPU',
    unscheduled(`0/5 nodes are available: 5 Insufficient nvidia.com/gpu.${preemption}`),
    /^No node has 2 free GPUs of the class asked for \(nvidia\.com\/gpu\): /,
    waitsFor,
  ],
  // a resource of the naming strategy "mixed":
  // https://instinct.docs.amd.com/projects/k8s-device-plugin/en/latest/user-guide/configuration.html
  [
    'no partition of AMD',
    unscheduled(`0/5 nodes are available: 5 Insufficient amd.com/cpx_nps4.${preemption}`),
    /^No node has enough free GPUs of the class asked for \(amd\.com\/cpx_nps4\): /,
    waitsFor,
  ],
  [
    'GPU and CPU',
    unscheduled('0/2 nodes are available: 1 Insufficient cpu, 2 Insufficient nvidia.com/gpu.'),
    /2 free GPUs .*, and some lack CPU: /,
    waitsFor,
  ],
  [
    'a taint',
    unscheduled(
      `0/5 nodes are available: 2 node(s) had untolerated taint(s), 3 node(s) didn't match Pod's node affinity/selector.${preemption}`,
    ),
    /^None of 5 nodes can take the pod llm-x: a taint that it does not tolerate \(2 nodes\); another GPU class, or without the labels asked for \(3 nodes\)\./,
    waitsFor,
  ],
  // filters run in the order of the plugins: a taint hides what a node has, and a volume is looked at where there is room
  [
    'GPU nodes with a taint beside nodes without GPUs',
    unscheduled(
      `0/5 nodes are available: 2 node(s) had untolerated taint {sku: gpu}, 3 Insufficient nvidia.com/gpu.${preemption}`,
    ),
    /^No node has 2 free GPUs .* Further nodes may have room and cannot take it: a taint that it does not tolerate \(sku: gpu\) \(2 nodes\)\.$/,
    waitsFor,
  ],
  [
    'a volume in another zone than the free GPUs',
    unscheduled(
      `0/4 nodes are available: 1 node(s) had volume node affinity conflict, 3 Insufficient nvidia.com/gpu.${preemption}`,
    ),
    /^No node has 2 free GPUs .* cannot take it: no way to its volume \(1 node\)\.$/,
    waitsFor,
  ],
  [
    'GPUs that are taken, and nodes of another class',
    unscheduled(
      "0/4 nodes are available: 1 Insufficient nvidia.com/gpu, 3 node(s) didn't match Pod's node affinity/selector.",
    ),
    /^No node has 2 free GPUs (?!.*Further nodes)/,
    waitsFor,
  ],
  [
    'a taint as older schedulers name it',
    unscheduled('0/1 nodes are available: 1 node(s) had untolerated taint {sku: gpu}.'),
    /a taint that it does not tolerate \(sku: gpu\) \(1 node\)/,
    waitsFor,
  ],
  [
    'a taint without a value',
    unscheduled('0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }.'),
    /a taint that it does not tolerate \(node\.kubernetes\.io\/not-ready\) \(1 node\)/,
    waitsFor,
  ],
  [
    // ReasonSchedulerError of k8s.io/api/core/v1
    'a bind that failed',
    unscheduled(
      'binding rejected: running Bind plugin "DefaultBinder": Operation cannot be fulfilled',
      'SchedulerError',
    ),
    /^No node can take the pod llm-x: binding rejected/,
    waitsFor,
  ],
  [
    'cordoned nodes',
    unscheduled('0/1 nodes are available: 1 node(s) were unschedulable.'),
    /cordoned \(1 node\)/,
    waitsFor,
  ],
  [
    'a node that the cluster autoscaler adds',
    unscheduled(`0/5 nodes are available: 5 Insufficient nvidia.com/gpu.${preemption}`),
    /^A node is being added for the pod llm-x: pod triggered scale-up: \[\{aks-gpupool-42541666-vmss 0->1 \(max: 4\)\}\]\.$/,
    waitsFor,
    event('TriggeredScaleUp', 'pod triggered scale-up: [{aks-gpupool-42541666-vmss 0->1 (max: 4)}]'),
  ],
  [
    'a node that the cluster autoscaler does not add',
    unscheduled(`0/5 nodes are available: 5 Insufficient nvidia.com/gpu.${preemption}`),
    /^No node has 2 free GPUs .* The autoscaler adds no node: pod didn't trigger scale-up: 1 max node group size reached\.$/,
    waitsFor,
    event('NotTriggerScaleUp', "pod didn't trigger scale-up: 1 max node group size reached"),
  ],
  [
    'a zone of GKE without such machines',
    unscheduled('0/3 nodes are available: 3 Insufficient nvidia.com/gpu.'),
    /The autoscaler adds no node: Node scale up in zones us-central1-a associated with this pod failed: GCE out of resources/,
    waitsFor,
    event(
      'FailedScaleUp',
      'Node scale up in zones us-central1-a associated with this pod failed: GCE out of resources. Pod is at risk of not being scheduled.',
    ),
  ],
  [
    'a node that Karpenter adds',
    unscheduled('0/2 nodes are available: 2 node(s) had untolerated taint(s).'),
    /^A node is being added for the pod llm-x: Pod should schedule on: nodeclaim\/gpu-inf-vxcnj\.$/,
    waitsFor,
    event('Nominated', 'Pod should schedule on: nodeclaim/gpu-inf-vxcnj'),
  ],
  [
    'a node that is there and that Karpenter nominates',
    unscheduled('0/2 nodes are available: 2 Insufficient cpu.'),
    /^No node has enough CPU left/,
    waitsFor,
    event('Nominated', 'Pod should schedule on: node/ip-10-0-3-7.ec2.internal'),
  ],
  [
    'a pod for which Karpenter has no pool',
    unscheduled("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector."),
    /^None of 2 nodes .* The autoscaler adds no node: Failed to schedule pod, incompatible with nodepool "default", .* no instance type satisfied resources/,
    waitsFor,
    event(
      'FailedScheduling',
      'Failed to schedule pod, incompatible with nodepool "default", daemonset overhead={"cpu":"210m"}, no instance type satisfied resources {"cpu":"4","nvidia.com/gpu":"2"}',
    ),
  ],
  // newer ones name no pool
  [
    'a taint of the pool of Karpenter',
    unscheduled('0/2 nodes are available: 2 Insufficient nvidia.com/gpu.'),
    /The autoscaler adds no node: Failed to schedule pod, did not tolerate taint \(taint=nvidia\.com\/gpu=true:NoSchedule\)\.$/,
    waitsFor,
    event('FailedScheduling', 'Failed to schedule pod, did not tolerate taint (taint=nvidia.com/gpu=true:NoSchedule)'),
  ],
  [
    'the same words of the scheduler in an event',
    unscheduled('0/1 nodes are available: 1 Insufficient nvidia.com/gpu.'),
    /\(nvidia\.com\/gpu\): 0\/1 nodes are available: 1 Insufficient nvidia\.com\/gpu\.$/,
    waitsFor,
    event('FailedScheduling', '0/1 nodes are available: 1 Insufficient nvidia.com/gpu.'),
  ],
  [
    // as Kubernetes 1.34 writes it
    'claims that no device satisfies',
    unscheduled(
      "0/2 nodes are available: 1 cannot allocate all claims, 1 node(s) didn't match Pod's node affinity/selector. still not schedulable, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
    ),
    /^None of 2 nodes can take the pod llm-x: no free device that its ResourceClaims ask for \(1 node\); another GPU class, or without the labels asked for \(1 node\)\./,
    waitsFor,
  ],
  ['too many pods', unscheduled('0/1 nodes are available: 1 Too many pods.'), /enough room for pods left/, waitsFor],
  [
    'a claim without a volume',
    unscheduled('0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found'),
    /^A PersistentVolumeClaim of the pod llm-x has no volume yet: look at its events.*: 0\/1 nodes/,
    waitsFor,
  ],

  // images
  [
    'a registry that limits pulls',
    engine({
      waiting: {
        reason: 'ErrImagePull',
        message: `failed to pull and unpack image "${image}": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry.example/v2/llm/manifests/${digest}: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.`,
      },
    }),
    /comes later: pulls are limited at the moment/,
    waitsFor,
  ],
  [
    'a kubelet that limits pulls',
    engine({ waiting: { reason: 'ErrImagePull', message: 'pull QPS exceeded' } }),
    /comes later: pulls are limited/,
    waitsFor,
  ],
  [
    'the network, with a digest that has the digits of a status',
    engine(
      backOff(
        `${rpc}: failed to do request: Head "https://registry.example/v2/llm/manifests/${digest}": dial tcp 10.0.0.1:443: i/o timeout`,
      ),
    ),
    /cannot reach the registry/,
    waitsFor,
  ],
  [
    'no way to the registry',
    engine(
      backOff(
        `${rpc}: failed to do request: Head "https://registry.example/v2/llm/manifests/${digest}": dial tcp 10.0.0.1:443: connect: no route to host`,
      ),
    ),
    /cannot reach the registry/,
    waitsFor,
  ],
  [
    'a registry in trouble',
    engine(
      backOff(
        `${rpc}: unexpected status from HEAD request to https://registry.example/v2/llm/manifests/${digest}: 503 Service Unavailable`,
      ),
    ),
    /cannot reach the registry/,
    waitsFor,
  ],
  [
    'wrong credentials',
    engine(
      backOff(
        `${rpc}: failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://registry.example/token: 401 Unauthorized`,
      ),
    ),
    /pull credentials are missing or wrong/,
    never,
  ],
  ['an image that is gone', engine(backOff(`${rpc}: ${image}: not found`)), /is not in the registry/, never],
  [
    'another processor',
    engine(backOff(`failed to pull and unpack image "${image}": no match for platform in manifest: not found`)),
    /not built for the processor of the node/,
    never,
  ],
  [
    'a certificate',
    engine(
      backOff(
        `${rpc}: failed to do request: Head "https://registry.example/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
      ),
    ),
    /does not trust the certificate/,
    never,
  ],
  [
    'a full disk',
    engine(
      backOff(
        `failed to pull and unpack image "${image}": failed to extract layer: write /var/lib/containerd/x: no space left on device: unknown`,
      ),
    ),
    /disk of the node is too full/,
    waitsFor,
  ],
  [
    'a name that is none',
    engine({
      waiting: {
        reason: 'InvalidImageName',
        message:
          'Failed to apply default image tag "A:": couldn\'t parse image reference "A:": invalid reference format',
      },
    }),
    /is no name of an image/,
    never,
  ],

  // creation
  [
    'a registry without TLS',
    engine(
      backOff(
        'failed to pull and unpack image: failed to do request: Head "https://registry:5000/v2/llm/manifests/1": http: server gave HTTP response to HTTPS client',
      ),
    ),
    /answers without TLS/,
    never,
  ],
  // CRI-O (containers/image), whose kubelet knows no reason for it
  [
    'an image without the signature that is asked for',
    engine(
      backOff(
        'rpc error: code = Unknown desc = copying system image from manifest list: Source image rejected: A signature was required, but no signature exists',
      ),
    ),
    /signature of .* does not satisfy the policy of the node/,
    never,
  ],
  // dockershim's successor, cri-dockerd
  [
    'an image that Docker does not find',
    engine(
      backOff(
        `rpc error: code = Unknown desc = Error response from daemon: manifest for ${image} not found: manifest unknown: manifest unknown`,
      ),
    ),
    /is not in the registry/,
    never,
  ],
  [
    'digits in the name of a repository',
    engine(
      backOff(
        `${rpc}: unexpected status from HEAD request to https://registry.example/v2/llm-403/x/manifests/${digest}: 500 Internal Server Error`,
      ),
    ),
    /cannot reach the registry of/,
    waitsFor,
  ],
  // containers/image, whose words name the repository without its digest
  [
    'an image that CRI-O does not find, with i/o in its name',
    (() => {
      const openchat = `registry.example/ai/openchat@${digest}`;
      const message = `initializing source docker://${openchat}: reading manifest ${digest} in registry.example/ai/openchat: manifest unknown`;
      return engine({ waiting: { reason: 'ErrImagePull', message } }, { image: openchat });
    })(),
    /is not in the registry/,
    never,
  ],
  [
    'a repository that Amazon does not know',
    engine(
      backOff(
        `initializing source docker://${image}: reading manifest ${digest} in registry.example/llm: name unknown: The repository with name 'llm' does not exist in the registry with id '123456789012'`,
      ),
    ),
    /is not in the registry/,
    never,
  ],
  // CRI-O from 1.34 on tries an artifact after an image
  [
    'an image for another processor, in the words of CRI-O',
    engine(
      backOff(
        'unable to pull image or OCI artifact: pull image err: copying system image from manifest list: no image found in image index for architecture "arm64", variant "v8", OS "linux"; artifact err: get manifest: unexpected media type',
      ),
    ),
    /is not built for the processor of the node/,
    never,
  ],
  [
    'a program for another processor',
    engine({
      waiting: {
        reason: 'RunContainerError',
        message:
          'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/usr/bin/vllm": exec format error',
      },
    }),
    /^The engine is built for another processor than the one of its node: .*exec format error\. Build the image for that one/,
    never,
  ],
  [
    'a busy runtime',
    engine({ waiting: { reason: 'CreateContainerError', message: 'context deadline exceeded' } }),
    /^The engine is not created yet, the node is busy/,
    waitsFor,
  ],
  [
    'a container of the try before',
    engine({
      waiting: {
        reason: 'CreateContainerError',
        message:
          'failed to reserve container name "engine_llm-x_models_0": name "engine_llm-x_models_0" is reserved for "0f"',
      },
    }),
    /the node is busy/,
    waitsFor,
  ],
  [
    'a secret that is missing',
    engine({ waiting: { reason: 'CreateContainerConfigError', message: 'secret "hub" not found' } }),
    /A secret that the pod names is missing/,
    waitsFor,
  ],
  [
    'a key that is missing',
    engine({
      waiting: { reason: 'CreateContainerConfigError', message: "couldn't find key token in ConfigMap models/hub" },
    }),
    /A ConfigMap that the pod names is missing/,
    waitsFor,
  ],
  [
    'a driver that is too old',
    engine(
      {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: 'back-off 10s restarting failed container=engine pod=llm-x_models(0)',
        },
      },
      {
        restartCount: 1,
        lastState: {
          terminated: {
            reason: 'StartError',
            exitCode: 128,
            message:
              "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error running prestart hook #0: exit status 1, stdout: , stderr: Auto-detected mode as 'legacy'\nnvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.8, please update your driver to a newer version, or use an earlier cuda container: unknown",
          },
        },
      },
    ),
    /driver of the node is older than the image needs \(cuda>=12\.8\)/,
    never,
  ],
  [
    // nvidia-container-toolkit on a node whose driver is not installed
    'a node without a driver',
    engine({
      waiting: {
        reason: 'RunContainerError',
        message:
          "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error running prestart hook #0: exit status 1, stdout: , stderr: Auto-detected mode as 'legacy'\nnvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1: cannot open shared object file: no such file or directory: unknown",
      },
    }),
    /^The engine cannot start on this node: it sees no GPU\. Look at the driver/,
    never,
  ],
  // nvidia-container-toolkit with CDI, before the specification of its devices is written
  [
    'a device that the runtime does not know',
    engine({
      waiting: {
        reason: 'RunContainerError',
        message:
          'failed to create containerd task: failed to create shim task: OCI runtime create failed: could not apply required modification to OCI specification: error modifying OCI spec: failed to inject CDI devices: unresolvable CDI devices management.nvidia.com/gpu=GPU-0f2d: unknown',
      },
    }),
    /NVIDIA’s container runtime cannot give it a GPU\. Look at the driver, the container toolkit/,
    waitsFor,
  ],
  [
    'a driver that is not loaded',
    engine({
      waiting: {
        reason: 'RunContainerError',
        message:
          "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error running prestart hook #0: exit status 1, stdout: , stderr: Auto-detected mode as 'legacy'\nnvidia-container-cli: initialization error: nvml error: driver not loaded: unknown",
      },
    }),
    /it sees no GPU\. Look at the driver/,
    never,
  ],
  [
    'a program that the image lacks',
    engine({
      waiting: {
        reason: 'RunContainerError',
        message:
          'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "vllm": executable file not found in $PATH: unknown',
      },
    }),
    /The image lacks the program that the engine starts/,
    never,
  ],
  [
    'a sidecar that cannot be created',
    pod({
      phase: 'Pending',
      containerStatuses: [
        status('engine', { running: {} }, { ready: true }),
        status('istio-proxy', {
          waiting: { reason: 'CreateContainerError', message: 'failed to generate spec: no command specified' },
        }),
      ],
    }),
    /the sidecar istio-proxy starts/,
    never,
  ],
  [
    'a sidecar that crashes',
    pod({
      phase: 'Running',
      containerStatuses: [
        status('engine', { running: {} }, { ready: true }),
        status(
          'istio-proxy',
          { waiting: { reason: 'CrashLoopBackOff' } },
          { restartCount: 3, lastState: { terminated: { reason: 'Error', exitCode: 255 } } },
        ),
      ],
    }),
    /^The sidecar istio-proxy ends by itself with exit code 255/,
    never,
  ],

  // init containers
  [
    'an init container that fails',
    before(
      status(
        'fetch',
        { waiting: { reason: 'CrashLoopBackOff' } },
        { restartCount: 2, lastState: { terminated: { reason: 'Error', exitCode: 1 } } },
      ),
    ),
    /^The init container fetch ends by itself with exit code 1/,
    never,
  ],
  [
    'an init container that runs',
    before(status('fetch', { running: {} })),
    /^The init container fetch has not ended yet/,
    waitsFor,
  ],
  [
    'a native sidecar out of memory',
    before(
      status(
        'proxy',
        { waiting: { reason: 'CrashLoopBackOff' } },
        { restartCount: 1, lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } } },
      ),
      { name: 'proxy', restartPolicy: 'Always' },
    ),
    /^The sidecar proxy needs more memory than its limit/,
    never,
  ],

  // the engine at work
  [
    'out of memory',
    engine(
      { waiting: { reason: 'CrashLoopBackOff' } },
      { restartCount: 1, lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } } },
    ),
    /more memory than its limit of 16Gi \(OOMKilled\)/,
    never,
  ],
  [
    'an instruction that the processor lacks',
    engine({ terminated: { reason: 'Error', exitCode: 132 } }),
    /exit code 132, which is an instruction that the processor lacks/,
    waitsFor,
  ],
  [
    'a start that takes too long',
    engine({ running: {} }, { restartCount: 2 }),
    /does not become healthy/,
    never,
    event('Killing', 'Container engine failed startup probe, will be restarted'),
  ],
  [
    'a probe that fails',
    engine({ running: {} }),
    /runs but is not ready: Readiness probe failed: HTTP probe failed with statuscode: 503/,
    waitsFor,
    event('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503'),
  ],
  [
    'a readiness gate',
    pod({
      phase: 'Running',
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          reason: 'ReadinessGatesNotReady',
          message: 'the status of pod readiness gate "target-health" is not "True", but False',
        },
      ],
      containerStatuses: [status('engine', { running: {} }, { ready: true })],
    }),
    /a readiness gate is not: the status of pod readiness gate "target-health"/,
    waitsFor,
  ],

  // volumes and the network
  [
    'a volume',
    engine({ waiting: { reason: 'ContainerCreating' } }),
    /cannot mount a volume: MountVolume\.SetUp failed/,
    waitsFor,
    event('FailedMount', 'MountVolume.SetUp failed for volume "models" : secret "hub" not found'),
  ],
  [
    'a volume on another node',
    engine({ waiting: { reason: 'ContainerCreating' } }),
    /cannot mount a volume: Multi-Attach error/,
    waitsFor,
    event('FailedAttachVolume', 'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) llm-old'),
  ],
  [
    'claimed devices that the driver does not prepare',
    engine({ waiting: { reason: 'ContainerCreating' } }),
    /^The node n1 cannot prepare the devices that the pod llm-x claims: .*context deadline exceeded\. Look at the DRA driver of that node\.$/,
    waitsFor,
    event(
      'FailedPrepareDynamicResources',
      'Failed to prepare dynamic resources: prepare dynamic resources: NodePrepareResources: rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    ),
  ],
  [
    'the network plugin',
    engine({ waiting: { reason: 'ContainerCreating' } }),
    /network of the pod llm-x cannot be set up/,
    waitsFor,
    event(
      'FailedCreatePodSandBox',
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "0f": plugin type="calico" failed (add): connection is unauthorized',
    ),
  ],
  // https://github.com/aws/amazon-vpc-cni-k8s, the plugin host-local, and https://github.com/Azure/azure-container-networking/issues/2999
  ...[
    'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container',
    'plugin type="ptp" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.8.1.1-10.8.1.62',
    'plugin type="azure-vnet" failed (add): IPAM Invoker Add failed with error: Failed to get IP address from CNS with error: AllocateIPConfig failed: not enough IPs available for 9c6a7f37, waiting on Azure CNS to allocate more',
  ].map((words): Row => [
    `a node without addresses: ${words.slice(0, 30)}`,
    engine({ waiting: { reason: 'ContainerCreating' } }),
    /^The node n1 has no network address left for the pod llm-x: .* It gets one when a pod there ends\./,
    waitsFor,
    event(
      'FailedCreatePodSandBox',
      `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "0f": ${words}`,
    ),
  ]),
  [
    'a volume without a file system',
    engine({ waiting: { reason: 'ContainerCreating' } }),
    /cannot mount a volume: MapVolume\.MapPodDevice failed/,
    waitsFor,
    event('FailedMapVolume', 'MapVolume.MapPodDevice failed for volume "pvc-0f" : rpc error: code = Internal'),
  ],
  [
    'a runtime class of CRI-O',
    engine({ waiting: { reason: 'ContainerCreating' } }),
    /node n1 lacks the container runtime/,
    waitsFor,
    event(
      'FailedCreatePodSandBox',
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to find runtime handler nvidia from runtime list map[crun:0xc0 runc:0xc1]',
    ),
  ],
  [
    'a runtime that Docker does not know',
    engine({ waiting: { reason: 'ContainerCreating' } }),
    /node n1 lacks the container runtime/,
    waitsFor,
    event(
      'FailedCreatePodSandBox',
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create a sandbox for pod "llm-x": Error response from daemon: unknown or invalid runtime name: nvidia',
    ),
  ],
  [
    'a sandbox whose name is taken',
    engine({ waiting: { reason: 'ContainerCreating' } }),
    /^The container runtime cannot make room for the pod llm-x: .*failed to reserve sandbox name/,
    waitsFor,
    event(
      'FailedCreatePodSandBox',
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to reserve sandbox name "llm-x_models_0_0": name "llm-x_models_0_0" is reserved for "5c1f"',
    ),
  ],
  [
    'a runtime class',
    engine({ waiting: { reason: 'ContainerCreating' } }),
    /node n1 lacks the container runtime/,
    waitsFor,
    event(
      'FailedCreatePodSandBox',
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "nvidia" is configured',
    ),
  ],

  // images as volumes: the kubelet writes of them what it writes of the image of the container (pkg/kubelet/kuberuntime, 1.35)
  [
    'the image of a volume that is not there',
    withModel({
      waiting: {
        reason: 'ImagePullBackOff',
        message:
          'Back-off pulling image "registry.example/weights:v1": ErrImagePull: failed to pull and unpack image "registry.example/weights:v1": failed to resolve reference "registry.example/weights:v1": registry.example/weights:v1: not found',
      },
    }),
    /^registry\.example\/weights:v1 of the volume model is not in the registry: not found\.$/,
    never,
  ],
  [
    'the image of a container that has a volume too',
    withModel(backOff(`${rpc}: ${image}: not found`)),
    /^registry\.example\/llm@sha256:401403\w+ is not in the registry/,
    never,
  ],
  // containerd 1.7 and 2.0 (https://github.com/kubernetes-sigs/kind/issues/3745)
  [
    'a runtime that mounts no images',
    withModel({
      waiting: {
        reason: 'CreateContainerError',
        message:
          'failed to generate container "b2af7fef9077" spec: failed to apply OCI options: failed to mkdir "": mkdir : no such file or directory',
      },
    }),
    /^The container runtime of the node does not mount an image as a volume: .* containerd does from 2\.1 on/,
    never,
  ],
  [
    'a folder of a volume that is not there',
    engine({
      waiting: {
        reason: 'RunContainerError',
        message:
          'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting "/var/lib/kubelet/pods/0f/volume-subpaths/model/engine/1" to rootfs at "/models": no such file or directory: unknown',
      },
    }),
    /^The engine cannot be created: .* error mounting/,
    waitsFor,
  ],
  [
    // crun, the runtime of OpenShift
    'a program that the image lacks, in the words of crun',
    engine({
      waiting: {
        reason: 'CreateContainerError',
        message: 'container create failed: executable file `vllm` not found in $PATH: No such file or directory',
      },
    }),
    /The image lacks the program that the engine starts/,
    never,
  ],

  // nodes that are lost, and pods that somebody ends (https://kubernetes.io/docs/concepts/workloads/pods/disruptions/)
  [
    // MarkPodsNotReady of pkg/controller/util/node
    'a node that does not answer',
    pod({
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'False' }],
      containerStatuses: [status('engine', { running: {} }, { ready: true })],
    }),
    /^The node n1 of the pod llm-x does not answer any more: Node is not ready/,
    waitsFor,
    event('NodeNotReady', 'Node is not ready'),
  ],
  [
    'a pod of unknown phase',
    pod({ phase: 'Unknown', reason: 'NodeLost', message: 'Node n1 which was running pod llm-x is unresponsive' }),
    /^The node n1 of the pod llm-x does not answer any more: Node n1 which was running/,
    waitsFor,
  ],
  [
    // pkg/controller/podgc
    'a node that was deleted',
    disrupted('DeletionByPodGC', 'PodGC: node no longer exists'),
    /^The node n1 of the pod llm-x does not answer any more: PodGC: node no longer exists/,
    waitsFor,
  ],
  [
    'a pod that gave way',
    disrupted('PreemptionByScheduler', 'default-scheduler: preempting to accommodate a higher priority pod'),
    /gave way to one of a higher priority: default-scheduler: preempting/,
    waitsFor,
  ],
  [
    'a node that is drained',
    disrupted('EvictionByEvictionAPI', 'Eviction API: evicting'),
    /^The pod llm-x was ended \(EvictionByEvictionAPI\): Eviction API: evicting/,
    waitsFor,
  ],
  [
    'a deadline of the pod itself',
    failed('DeadlineExceeded', 'Pod was active on the node longer than the specified deadline'),
    /^The pod llm-x was ended \(DeadlineExceeded\): Pod was active/,
    waitsFor,
  ],

  // claims of volumes and devices
  [
    'a claim of a volume that is not there',
    unscheduled('0/3 nodes are available: persistentvolumeclaim "models" not found.'),
    /^The PersistentVolumeClaim models that the pod llm-x names is not in its namespace: make it, .*"models" not found/,
    waitsFor,
  ],
  [
    'a volume of a claim that was deleted',
    unscheduled(
      '0/3 nodes are available: persistentvolumeclaim "models" bound to non-existent persistentvolume "pvc-0f".',
    ),
    /bound to non-existent persistentvolume/,
    waitsFor,
  ],
  [
    'a claim of devices that nobody has made yet',
    unscheduled(
      '0/3 nodes are available: waiting for dynamic resource controller to create the resourceclaim for pod "models/llm-x".',
    ),
    /waiting for dynamic resource controller to create the resourceclaim/,
    waitsFor,
  ],
  [
    'a driver of volumes that the node does not have',
    engine({ waiting: { reason: 'ContainerCreating' } }),
    /cannot mount a volume: MountVolume\.MountDevice failed .*not found in the list of registered CSI drivers/,
    waitsFor,
    event(
      'FailedMount',
      'MountVolume.MountDevice failed for volume "pvc-0f" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name efs.csi.aws.com not found in the list of registered CSI drivers',
    ),
  ],

  // ends of the engine, by the kubelet and by signals
  [
    'an engine that a signal ended',
    engine(
      { waiting: { reason: 'CrashLoopBackOff' } },
      { restartCount: 2, lastState: { terminated: { reason: 'Error', exitCode: 139 } } },
    ),
    /exit code 139, which is a fault in native code \(SIGSEGV\)/,
    never,
  ],
  [
    'an engine that was to end once',
    engine({ running: {} }, { restartCount: 1, lastState: { terminated: { reason: 'Error', exitCode: 143 } } }),
    /exit code 143, which is a request to end \(SIGTERM\)/,
    waitsFor,
  ],
  [
    'a container that the runtime does not find any more',
    engine(
      { running: {} },
      {
        restartCount: 1,
        lastState: {
          terminated: {
            reason: 'ContainerStatusUnknown',
            exitCode: 137,
            message: 'The container could not be located when the pod was deleted.',
          },
        },
      },
    ),
    /nobody saw how: its node or the container runtime/,
    waitsFor,
  ],
  // what the kubelet writes after its node rebooted, by convertToAPIContainerStatuses:
  // https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/kubelet_pods.go
  [
    'a container that its node lost in a reboot',
    engine(
      { waiting: { reason: 'ContainerCreating' } },
      {
        restartCount: 1,
        lastState: {
          terminated: {
            reason: 'ContainerStatusUnknown',
            exitCode: 137,
            message: 'The container could not be located when the pod was deleted.  The container used to be Running',
          },
        },
      },
    ),
    /nobody saw how: its node or the container runtime/,
    waitsFor,
  ],
  // unknownExitCode and unknownExitReason of containerd:
  // https://github.com/containerd/containerd/blob/v2.0.0/internal/cri/server/helpers.go
  [
    'a container that ended while containerd was down',
    engine(
      { waiting: { reason: 'ContainerCreating' } },
      { restartCount: 1, lastState: { terminated: { reason: 'Unknown', exitCode: 255 } } },
    ),
    /nobody saw how: its node or the container runtime/,
    waitsFor,
  ],
  [
    'a startup probe while the model loads',
    engine({ running: {} }),
    /^The engine runs but is not ready: Startup probe failed: .*connection refused/,
    waitsFor,
    event(
      'Unhealthy',
      'Startup probe failed: Get "http://10.8.1.7:8000/health": dial tcp 10.8.1.7:8000: connect: connection refused',
    ),
  ],
  [
    'a plugin of the runtime that rejects',
    engine({
      waiting: {
        reason: 'CreateContainerError',
        message: 'failed to create containerd container: NRI container creation failed: plugin "10-topology" denied it',
      },
    }),
    /^The engine cannot be created: .*NRI container creation failed/,
    waitsFor,
  ],
];

test.each(rows.map(row => [row[0], row] as const))('%s', (_state, [, given, cause, ends, seen]) => {
  const found = diagnosePod(given, seen ? [seen] : []);
  expect(found?.cause).toMatch(cause);
  expect(found?.final).toBe(ends === never);
});

test('the cause of a volume goes before what sums it up later', () => {
  const sum =
    'Unable to attach or mount volumes: unmounted volumes=[models], unattached volumes=[], failed to process volumes=[]: timed out waiting for the condition';
  const cause =
    'MountVolume.SetUp failed for volume "models" : rpc error: code = PermissionDenied desc = failed to get GCS bucket "llm"';
  const seen = (message: string, lastTimestamp: string) => ({ ...event('FailedMount', message), lastTimestamp });
  const given = engine({ waiting: { reason: 'ContainerCreating' } });
  const later = seen(sum, '2026-01-01T00:02:00Z');
  expect(diagnosePod(given, [seen(cause, '2026-01-01T00:01:00Z'), later])?.cause).toMatch(/PermissionDenied/);
  expect(diagnosePod(given, [later])?.cause).toMatch(/timed out waiting/);
});

test('a pod that waits for a queue has not begun its start', () => {
  const gated = unscheduled('Scheduling is blocked due to non-empty scheduling gates', 'SchedulingGated');
  expect(diagnosePod(gated, [])).toMatchObject({
    cause: expect.stringMatching(/waits for its queue to admit it/),
    final: false,
    queued: true,
  });
});

test('credentials that the node did not have in time are tried again', () => {
  // as the kubelet says it of a secret whose cache was not there within a second
  const reason = 'FailedToRetrieveImagePullSecret';
  const message =
    'Unable to retrieve some image pull secrets (llm-registry); attempting to pull the image may not succeed.';
  const waiting = backOff(
    `${rpc}: unexpected status from HEAD request to https://registry.example/v2/llm/manifests/${digest}: 401 Unauthorized`,
  );
  const status = {
    containerStatuses: [{ name: 'engine', ready: false, restartCount: 0, image, state: waiting }],
  } as Pod['status'];
  const event = { metadata: { name: 'e' }, involvedObject: { kind: 'Pod', name: 'llm-x' }, reason, message };
  const found = diagnosePod(pod(status), [event as unknown as Parameters<typeof diagnosePod>[1][number]]);
  expect(found).toMatchObject({
    final: false,
    cause: expect.stringMatching(/did not have the pull secret and tries again/),
  });
  expect(diagnosePod(pod(status), [])).toMatchObject({ final: true });
});

test('the newest word of an autoscaler counts', () => {
  const at = (one: ClusterEvent, lastTimestamp: string): ClusterEvent => ({ ...one, lastTimestamp });
  const none = event('NotTriggerScaleUp', "pod didn't trigger scale-up: 1 in backoff after failed scale-up");
  const some = event('TriggeredScaleUp', 'pod triggered scale-up: [{gpu 0->1 (max: 4)}]');
  const given = unscheduled('0/1 nodes are available: 1 Insufficient nvidia.com/gpu.');
  const early = '2026-01-01T00:00:00Z';
  const late = '2026-01-01T00:01:00Z';
  expect(diagnosePod(given, [at(some, early), at(none, late)])?.cause).toMatch(/adds no node/);
  expect(diagnosePod(given, [at(some, late), at(none, early)])?.cause).toMatch(/^A node is being added/);
});
