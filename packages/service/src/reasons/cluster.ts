/** What a cluster lacks for a service. Texts without a period are parts of a sentence. */
export const clusterTexts = {
  // kinds that a cluster does not serve
  'missing.kind':
    'The cluster of context "{{context}}" does not serve {{kind}} ({{version}}), which `workload.kind` asks for. Have {{project}} installed there, or choose another kind in fairway.yaml.',
  'missing.claims':
    'The cluster of context "{{context}}" does not serve {{kind}} ({{version}}), which `resources.gpu.deviceClass` asks for. Kubernetes has it from 1.34 on; remove the field from fairway.yaml where a device plugin gives the GPUs.',
  'missing.pullToken':
    'The cluster of context "{{context}}" does not serve {{kind}} ({{version}}), which `workload.pullToken` asks for. Have External Secrets 0.16 or newer (https://external-secrets.io) installed there. Remove the field where nodes may pull by their own identity.',
  'missing.keda':
    'The cluster of context "{{context}}" does not serve {{kind}} ({{version}}), which `scaling` asks for. Have KEDA 2.21 or newer (https://keda.sh) installed there, take `scaling.by: hpa` where an adapter serves metrics of pods, or remove `scaling` and set `resources.replicas`.',
  'missing.podMetrics':
    'The cluster of context "{{context}}" does not serve {{group}}, from which `scaling.by: hpa` has the metrics of pods. Have prometheus-adapter installed there with the rules that docs/scaling.md shows and `fairway render` writes, or take KEDA (`by: keda`).',

  'scaler.idle':
    'Nothing sets how many pods {{version}} has, and it keeps those that it has until that changes. Its {{kind}} says: {{words}}. Look at what it asks: the Prometheus of scaling.prometheus, or the adapter that serves metrics of pods (docs/scaling.md).',

  // what others have put at the pods of a service
  'others.scaledTwice':
    'The {{autoscaler}} scales {{version}}, a version of this service, and so does what `scaling` in fairway.yaml makes. Of two that count the same pods Kubernetes lets neither scale (AmbiguousSelector), and the webhook of KEDA rejects the second. Delete the {{autoscaler}}.',
  'others.scaledInRelease':
    'The {{autoscaler}} scales {{version}}, a version of this service. With `release.surge` below `resources.replicas`, or with `gateway.own`, a release moves pods from one version to the other, and the autoscaler would put back what the release takes. Delete the {{autoscaler}}.',
  'others.scaled':
    'The {{autoscaler}} scales {{version}}, a version of this service. It does not scale the next version, which has another name and `resources.replicas` pods. Have `scaling` in fairway.yaml scale every version (docs/scaling.md), and delete the {{autoscaler}} after that delivery.',
  'others.resized':
    'The {{autoscaler}} (updateMode {{mode}}) gives pods of {{version}}, a version of this service, the {{resources}} that it recommends from their use, in place of what `resources` in fairway.yaml says; limits follow in proportion. An engine that then needs more than it did before starts slowly or ends out of memory. Set `updateMode: "Off"`, with which it only recommends, or `mode: "Off"` for the container `engine` in its `containerPolicies`.',
  'others.evicts': 'To change pods that run it evicts them, and each loads its model anew.',
  'others.secondBudget':
    'The PodDisruptionBudget {{budget}} selects the pods of this service, and each version has one of its own. Kubernetes evicts no pod that two select, so draining its node never ends. Give its selector the expression `app.kubernetes.io/managed-by NotIn (fairway)`.',
  'others.noEviction':
    'The PodDisruptionBudget {{budget}} selects the pods of this service and lets none of them go, so draining a node of them never ends. Let it allow one, or take the pods out by the expression `app.kubernetes.io/managed-by NotIn (fairway)` of its selector.',

  // room for pods
  'room.needs': 'In the cluster of context "{{context}}" the service needs {{pods}} with {{each}} at a time',
  'room.needsBeside':
    'In the cluster of context "{{context}}" the service needs {{pods}} with {{each}} at a time, the version that serves included',
  'room.each': 'CPU {{cpu}} and memory {{memory}}',
  'room.eachWithGpu': '{{gpus}} × {{gpu}}, CPU {{cpu}} and memory {{memory}}',
  'room.lower': 'Lower `resources` in fairway.yaml',
  'room.lowerSurge': 'Lower `resources` or `release.surge` in fairway.yaml',
  'room.quota':
    '{{needs}}, and the quota {{quota}} of the namespace {{namespace}} allows {{most}} in all. {{lower}}, or ask for a larger quota.',
  'room.quotaNow':
    '{{needs}}, and the quota {{quota}} of the namespace {{namespace}} allows {{left}} more now. {{lower}}, or ask for a larger quota.',
  'room.quotaAsks':
    '{{needs}}, and the quota {{quota}} of the namespace {{namespace}} allows only pods with a limit of CPU, which these do not have because it slows an engine in the middle of a token. Give the namespace a LimitRange with a default of at least {{cpu}}, or set a limit with workload.patches.',
  'room.limits':
    '{{needs}}, and a LimitRange of the namespace {{namespace}} denies them: {{why}}. Change `resources` in fairway.yaml, or have the LimitRange changed.',
  'limits.container': 'container',
  'limits.pod': 'pod',
  'limits.cpu': 'it gives containers without a limit of CPU one of {{limit}}, which is less than they ask for',
  'limits.most': 'a {{each}} may have {{most}} of {{resource}} at most',
  'limits.unlimited': 'a {{each}} may have {{most}} of {{resource}} at most and must have a limit of it',
  'limits.least': 'a {{each}} must ask for {{least}} of {{resource}} at least',
  'limits.ratio': 'the limit of {{resource}} of a {{each}} may be {{ratio}} times its request at most',
  'room.queue': '{{needs}}, and {{queue}}. {{lower}}, or have the queue changed.',
  'room.queueNow': '{{needs}}, and {{queue}}. `deploy` waits until the queue admits them.',
  'room.nodes': '{{needs}}, and its nodes have room for {{most}} when nothing else runs on them',
  'room.nodesNow': '{{needs}}, {{more}} of them new, and beside what runs there now its nodes have room for {{most}}',
  'room.ofNodes': '{{room}}: of {{nodes}} {{reasons}}.',
  'nodeCount.one': '1 node',
  'nodeCount.many': '{{number}} nodes',
  'room.nodeIs': '1 is {{why}}',
  'room.nodesAre': '{{number}} are {{why}}',
  'room.notReady': 'not ready or cordoned',
  'room.otherSystem': 'without Linux',
  'room.noClass': 'without {{gpu}}',
  'room.noLabel': 'without the label {{label}} of workload.nodeSelector',
  'room.tainted': 'with the taint {{taint}}, which the pods do not tolerate',
  'room.tooLittle': 'with too little {{resources}}',
  'room.addNodes': '{{lower}}, or add nodes.',
  'room.mayGrow': 'Its autoscaler may add some. If nothing does: {{advice}}',
  'room.mightGrow': 'Whether something adds nodes is not known. If nothing does: {{advice}}',
  'room.waits': '`deploy` waits for room for startup.schedulingSeconds. {{lower}}, or end something else.',
  'room.processors':
    'The pods may come to nodes with {{processors}} processors, and an image is for one of them unless it was built for both. Name that of the image by the label kubernetes.io/arch in `workload.nodeSelector`.',
  'room.patched': 'What workload.patches changes of the pods is not counted here.',

  // what pods get the model from
  'weights.noClaim':
    'The namespace {{namespace}} of the cluster has no PersistentVolumeClaim {{claim}} (model.weights.claim). Make it and put the model there, or name another one.',
  'weights.otherClaims':
    'The namespace {{namespace}} of the cluster has no PersistentVolumeClaim {{claim}} (model.weights.claim); it has {{others}}. Make it and put the model there, or name another one.',
  'weights.lost':
    'The volume behind the PersistentVolumeClaim {{claim}} of the namespace {{namespace}} is gone (its phase is Lost). Make a new claim with the model, or name another one.',
  'weights.onePod':
    'The PersistentVolumeClaim {{claim}} is for one pod alone (ReadWriteOncePod), and {{pods}} need it during a release. Make a claim with ReadOnlyMany or ReadWriteMany.',
  'weights.readOnly':
    'The PersistentVolumeClaim {{claim}} can only be read ({{modes}}), and the first pod puts the model there. Make a claim with ReadWriteMany, or set model.weights.from to volume if it has the model.',
  'weights.noNote':
    'The PersistentVolumeClaim {{claim}} can only be read ({{modes}}), and the first pod notes there which files it has verified. Set model.weights.verify to always, and each pod reads the model before its engine starts, or make a claim with ReadWriteMany.',
  'weights.noImageVolume':
    'The cluster is Kubernetes 1.{{minor}}, which mounts no folder of an image as a volume: that is so from 1.{{since}} on. Set model.weights.pull to init, and each pod pulls the image itself.',
  'weights.noImageVolumeForKserve':
    'The cluster is Kubernetes 1.{{minor}}, which mounts no folder of an image as a volume, and an LLMInferenceService gets the model of its image so: that is so from 1.{{since}} on. Put the model on a volume (model.weights.from: volume), or choose another workload.kind.',

  // what monitor and release ask
  'metrics.ruler': 'The ruler',
  'metrics.denied': '{{what}} would not take the questions of monitor and release. {{words}}',
} as const;
