/**
 * What keeps a pod or a rollout from getting ready. `words` are those of the cluster: of the scheduler, the kubelet, the registry. Texts
 * without a period are parts of a sentence, which fill a hole of another text.
 */
export const podTexts = {
  'list.and': '{{first}} and {{second}}',
  'list.also': '{{first}}; {{second}}',

  'node.named': 'node {{node}}',
  'node.unnamed': 'node',
  'resource.cpu': 'CPU',
  'resource.memory': 'memory',
  'resource.disk': 'disk',
  'resource.pods': 'room for pods',

  // pods that ended as a whole
  'pod.outOfResource':
    'The {{node}} has too little {{resource}} left for the pod {{pod}}, which another pod took first: {{words}}',
  'pod.notAdmitted':
    'The {{node}} does not admit the pod {{pod}}: {{words}}. Look at the device plugin and the GPUs of that node, and cordon it if they are broken.',
  'pod.evicted': 'The {{node}} evicted the pod {{pod}}: {{words}}',
  'pod.evictedForDisk':
    'The {{node}} evicted the pod {{pod}}: {{words}} It wrote more to its disk than the node has: write less there, or ask for a node with more.',
  'pod.evictedForLimit':
    'The {{node}} evicted the pod {{pod}}: {{words}} It wrote more to its disk than its limit: write less there, or raise the limit with workload.patches (limits.ephemeral-storage of the container, or the sizeLimit of the volume). A cluster may set one for pods that state none, as GKE Autopilot does.',
  'pod.evictedForMemory':
    'The {{node}} evicted the pod {{pod}}: {{words}} Raise resources.memory in fairway.yaml to what the engine uses.',
  'pod.underPressure': 'The {{node}} takes no such pod at the moment, and did not start the pod {{pod}}: {{words}}',
  'pod.labelsChanged': 'The labels of the {{node}} changed and no longer match the pod {{pod}}: {{words}}',
  'pod.preempted': 'The pod {{pod}} gave way to one of a higher priority: {{words}}',
  'pod.nodeShutsDown': 'The {{node}} shuts down and ended the pod {{pod}}: {{words}}',
  'pod.nodeLost': 'The {{node}} of the pod {{pod}} does not answer any more: {{words}}',
  'pod.nodeSilent':
    'The {{node}} of the pod {{pod}} has not answered since {{since}}: {{words}} Kubernetes makes the pod elsewhere after five minutes of that, unless its tolerations say another time. Look whether the node runs.',
  'pod.nodeNotReady':
    'The {{node}} of the pod {{pod}} has not been ready since {{since}}: {{words}} Look at its kubelet and its container runtime, or delete the pod and cordon the node.',
  'pod.stays':
    'The pod {{pod}} of the {{node}} was to end and is still there: {{words}}. A node that does not answer keeps its pods until it answers again or is deleted.',
  'pod.ended': 'The pod {{pod}} was ended ({{reason}}): {{words}}',
  'pod.noWords': 'no reason is given',

  // pods without a node
  'pod.queued': 'The pod {{pod}} waits for its queue to admit it (scheduling gates); its start has not begun.',
  'pod.queuedSo':
    'The pod {{pod}} waits for its queue to admit it (scheduling gates); its start has not begun: {{words}}.',
  'pod.neverAdmitted':
    'The queue of the pod {{pod}} does not admit it, and waiting does not change that: {{words}}. Lower resources in fairway.yaml, correct workload.queue or workload.nodeSelector, or have the queue changed.',
  'pod.deactivated':
    'The request {{workload}} of the pod in its queue is deactivated, and nothing admits it: {{words}}. Correct what it says, and run deploy again or set spec.active of that Workload to true.',
  'pod.stoppedByQueue':
    'Kueue ended the pod {{pod}} because it was not ready in time, and it starts anew: {{words}}. Have waitForPodsReady.timeout of its configuration raised over the time of a start.',
  'pod.preemptedByQueue':
    'Kueue ended the pod {{pod}} for another request, and its successor waits anew: {{words}}. Choose a higher workload.priorityClass, or have the quota of the queue raised.',
  'pod.nodeComes': 'A node is being added for the pod {{pod}}: {{words}}.',
  'pod.noNodeComes': '{{cause}} The autoscaler adds no node: {{words}}.',
  'pod.noGpu': 'No node has {{gpus}} of the class asked for ({{resource}}): {{words}}',
  'pod.noGpuNor': 'No node has {{gpus}} of the class asked for ({{resource}}), and some lack {{others}}: {{words}}',
  'gpus.one': '1 free GPU',
  'gpus.many': '{{number}} free GPUs',
  'gpus.enough': 'enough free GPUs',
  'pod.noRoom':
    'No node has enough {{resources}} left for the pod {{pod}}: {{words}} Lower resources in fairway.yaml, or add a node.',
  'pod.noRoomElse': '{{cause}} Further nodes may have room and cannot take it: {{reasons}}.',
  'pod.noneOf': 'None of {{total}} nodes can take the pod {{pod}}: {{reasons}}. The scheduler says: {{words}}',
  'pod.noClaim':
    'The {{kind}} {{claim}} that the pod {{pod}} names is not in its namespace: make it, or correct its name in fairway.yaml. The scheduler says: {{words}}',
  'pod.claimUnbound':
    'A PersistentVolumeClaim of the pod {{pod}} has no volume yet: look at its events, and whether its storage class gives a volume of that size and access mode. The scheduler says: {{words}}',
  'pod.noNode': 'No node can take the pod {{pod}}: {{words}}',
  'nodes.one': '{{what}} (1 node)',
  'nodes.many': '{{what}} ({{number}} nodes)',
  'nodes.tainted': 'a taint that it does not tolerate',
  'nodes.taintedBy': 'a taint that it does not tolerate ({{taint}})',
  'nodes.cordoned': 'cordoned',
  'nodes.labels': 'another GPU class, or without the labels asked for',
  'nodes.antiAffinity': 'a pod there that it must stay away from',
  'nodes.spread': 'the spread over zones or nodes',
  'nodes.ports': 'no free port',
  'nodes.claims': 'no free device that its ResourceClaims ask for',
  'nodes.volume': 'no way to its volume',

  // what the kubelet does before the first container
  'pod.volume': 'The pod {{pod}} cannot mount a volume: {{words}}',
  'pod.devices':
    'The {{node}} cannot prepare the devices that the pod {{pod}} claims: {{words}} Look at the DRA driver of that node.',
  'pod.runtime': 'The {{node}} lacks the container runtime that the pod {{pod}} asks for: {{words}}',
  'pod.sandbox': 'The container runtime cannot make room for the pod {{pod}}: {{words}}',
  'pod.network': 'The network of the pod {{pod}} cannot be set up: {{words}}',
  'pod.noAddress':
    'The {{node}} has no network address left for the pod {{pod}}: {{words}}. It gets one when a pod there ends. Give the nodes a larger subnet or range of pods, or let another node take it.',
  'pod.gate': 'The containers of the pod {{pod}} are ready, and a readiness gate is not: {{words}}',

  // images
  'image.unnamed': 'the image',
  'image.of': '{{image}} of the {{container}}',
  'image.badName': '{{image}} is no name of an image: {{words}}.',
  'image.neverPulled': '{{image}} is not on the node, and the pod may not pull it: {{words}}.',
  'image.unsigned': 'The signature of {{image}} does not satisfy the policy of the node: {{words}}.',
  'image.denied':
    'The registry does not let the cluster pull {{image}}: the pull credentials are missing or wrong: {{words}}.',
  'image.deniedOnce':
    'The registry does not let the cluster pull {{image}}: the pull credentials are missing or wrong: {{words}}. The node did not have the pull secret and tries again.',
  'image.limited': '{{image}} comes later: pulls are limited at the moment: {{words}}.',
  'image.diskFull': 'The disk of the node is too full for {{image}}: {{words}}.',
  'image.certificate': 'The node does not trust the certificate of the registry of {{image}}: {{words}}.',
  'image.plain':
    'The registry of {{image}} answers without TLS, and the container runtime of the node asks it by TLS: {{words}}. Give the registry a certificate, or have its address allowed without one on the nodes.',
  'image.unreachable': 'The cluster cannot reach the registry of {{image}}: {{words}}.',
  'image.otherProcessor':
    '{{image}} is not built for the processor of the node: {{words}}. Build it for that one, or ask for nodes of the other kind by the label kubernetes.io/arch (workload.nodeSelector).',
  'image.missing': '{{image}} is not in the registry: {{words}}.',
  'image.notPulled': 'The cluster cannot pull {{image}}: {{words}}.',

  // containers
  'container.engine': 'engine',
  'container.image': 'image',
  'container.init': 'init container {{name}}',
  'container.sidecar': 'sidecar {{name}}',
  'container.other': 'container {{name}}',
  'container.volume': 'volume {{name}}',
  'container.busy': 'The {{container}} is not created yet, the node is busy: {{words}}',
  'container.root':
    'The {{container}} must run as a numeric user that is not root (USER 65532 in its Dockerfile): {{words}}',
  'container.noSecret':
    'A secret that the pod names is missing, and the pod starts once it is there: {{words}}. Make it, or see why what makes it has not.',
  'container.noConfigMap':
    'A ConfigMap that the pod names is missing, and the pod starts once it is there: {{words}}. Make it, or see why what makes it has not.',
  'container.noImageVolume':
    'The container runtime of the node does not mount an image as a volume: {{words}} containerd does from 2.1 on and CRI-O from 1.33 on. Update it, or have the model come another way (model.weights in fairway.yaml).',
  'container.driver': 'The {{container}} cannot start on this node: {{problem}}',
  'container.noProgram': 'The image lacks the program that the {{container}} starts: {{words}}',
  'container.otherProcessor':
    'The {{container}} is built for another processor than the one of its node: {{words}}. Build the image for that one, or ask for nodes of the other kind by the label kubernetes.io/arch (workload.nodeSelector).',
  'container.notExecutable': 'The {{container}} may not be executed by its user: {{words}}',
  'container.notCreated': 'The {{container}} cannot be created: {{words}}',
  'limit.known': 'limit of {{limit}}',
  'limit.unknown': 'limit',
  'container.outOfMemory': 'The {{container}} needs more memory than its {{limit}} (OOMKilled): raise that limit.',
  'container.engineOutOfMemory':
    'The engine needs more memory than its {{limit}} (OOMKilled): raise resources.memory in fairway.yaml or lower serving.contextLength.',
  'container.unhealthy': 'The {{container}} started but does not become healthy: {{words}}',
  'container.ends': 'The {{container}} ends by itself after it starts.',
  'container.lost':
    'The {{container}} ended and nobody saw how: its node or the container runtime of the node restarted. The kubelet starts it again.',
  'container.endsWith': 'The {{container}} ends by itself with {{exit}} after it starts.',
  'exit.code': 'exit code {{exitCode}}',
  'exit.132': 'exit code 132, which is an instruction that the processor lacks (SIGILL)',
  'exit.134': 'exit code 134, which is an abort of its own (SIGABRT)',
  'exit.135': 'exit code 135, which often is too little shared memory (SIGBUS)',
  'exit.137': 'exit code 137, which is a kill from outside (SIGKILL)',
  'exit.139': 'exit code 139, which is a fault in native code (SIGSEGV)',
  'exit.143': 'exit code 143, which is a request to end (SIGTERM)',
  'container.initRuns': 'The {{container}} has not ended yet, and the engine waits for it.',
  'container.notReady': 'The {{container}} runs but is not ready: {{words}}',

  // the driver of the GPU
  'driver.olderThan':
    'the driver of the node is older than the image needs ({{needed}}). Update the driver, or build on an image with an older CUDA.',
  'driver.older':
    'the driver of the node is older than the CUDA of the image. Update the driver, or build on an image with an older CUDA.',
  'driver.noCode':
    'the image has no code for this kind of GPU. Build on an image that supports its compute capability, or ask for another resources.gpu.class.',
  'driver.compatibility':
    'the image brings CUDA libraries that this kind of GPU does not accept. Build on an image with the CUDA of the node’s driver.',
  'driver.updated': 'the driver of the node was updated while it ran. Restart the node.',
  'driver.fabric':
    'the GPUs of the node do not reach each other yet. Start NVIDIA’s Fabric Manager there, in the version of the driver.',
  'driver.runtime':
    'NVIDIA’s container runtime cannot give it a GPU. Look at the driver, the container toolkit and the device plugin of that node.',
  'driver.closedGpu':
    'it sees no GPU that its user may open. /dev/kfd and /dev/dri belong to a group of the node (`ls -ln /dev/kfd`): give the pods that group by securityContext.supplementalGroups in workload.patches, and look at the driver of that node.',
  'driver.noGpu':
    'it sees no GPU. Look at the driver and at the container runtime of the node, and whether resources.gpu is asked for.',

  // rollouts without pods
  'rollout.invalid': 'The {{kind}} {{name}} is rejected by its controller: {{words}}',
  'rollout.unseen': 'No controller has looked at the {{kind}} {{name}}: see whether the one for this kind runs.',
  'rollout.kserveRunsNone':
    'KServe does not run the LLMInferenceService {{name}}: {{condition}} is false ({{reason}}): {{words}}',
  'rollout.kserveOld':
    'KServe says of the LLMInferenceService {{name}} that it is ready and not how many of its pods are: its controller is older than 0.20.',
  'rollout.quota':
    'The quota of the namespace does not allow the pods: {{words}} They are made once other pods end or the quota is raised.',
  'rollout.quotaTooSmall':
    'A quota of the namespace never allows such a pod, since it asks for more than the whole quota: {{words}} Lower resources in fairway.yaml, or have the quota raised.',
  'rollout.quotaMissing':
    'The cluster takes pods of this priority only into namespaces with a quota for it: {{words}} Have one made, or choose another workload.priorityClass.',
  'rollout.quotaAsks':
    'A quota of the namespace allows only pods that state what these do not: {{words}} Give the namespace a LimitRange with a default for it, or state it with workload.patches.',
  'rollout.limitRange':
    'A LimitRange of the namespace does not allow the pods: {{words}} Change resources in fairway.yaml, or have the LimitRange changed.',
  'rollout.webhookSilent': 'A webhook of the cluster does not answer, so that no pod can be made: {{words}}',
  'rollout.podSecurity': 'The pod security of the namespace does not allow the pods: {{words}}',
  'rollout.securityConstraint':
    'No security context constraint of OpenShift allows the pods: {{words}} Give their account one that does, or remove from workload.patches what asks for more.',
  'rollout.webhookDenies': 'The admission webhook {{webhook}} denies the pods: {{words}}',
  'rollout.denied': 'The cluster denies the pods: {{words}}',
} as const;
