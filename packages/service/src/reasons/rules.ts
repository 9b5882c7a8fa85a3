/** What a value of a file must be: ends of sentences that begin with its key. Texts of `conflict` say what it does not go with. */
export const ruleTexts = {
  // names and forms of values
  'rule.dnsLabel':
    'must be a DNS label: at most {{most}} lower-case letters, digits and hyphens, first a letter, last no hyphen',
  'rule.namespace':
    'must be a Kubernetes namespace: at most 63 lower-case letters, digits and hyphens, no hyphen at either end',
  'rule.modelName':
    'must be a model name: letters, digits and ._/:- without spaces, at most 128, first a letter or digit',
  'rule.catalogName': 'must be a catalog name: letters, digits, hyphens, underscores and dots, at most 63',
  'rule.catalogReference': 'must be a catalog reference such as team-a, group:team-a or user:default/jane',
  'rule.insidePath': 'must be a path inside the service folder, with forward slashes and without ".."',
  'rule.star': 'must not begin or end with *, which is any text at Istio: name each value',
  'rule.scope': 'must be one OAuth scope: printable characters without spaces, quotes and backslashes',
  'rule.oneLine': 'must be a text of one line without spaces at its ends',
  'rule.hostname': 'must be a host name in lower case such as llm.example.com',
  'rule.date': 'must be a date that exists, written as year-month-day such as 2027-01-31',
  'rule.objectName': 'must be the name of a Kubernetes object, such as team-a',
  'rule.labelKey': 'must be the key of a label of Kubernetes, such as example.com/pool',
  'rule.labelValue':
    'must be the value of a label of Kubernetes: at most 63 letters, digits and ._-, first and last a letter or digit',
  'rule.imageDigest':
    'must be an image by digest with its registry, such as registry.example.com/models/llama@sha256:…',
  'rule.adapterFolder':
    'must be a relative path of letters, digits, dots, hyphens and underscores, since engines read it as a part of name=path',
  'rule.bucket':
    'must be s3://bucket/folder, with the name of a bucket and the path of a folder in it. A bucket of Google Cloud is s3:// too, with the endpoint https://storage.googleapis.com and an HMAC key as the Secret',
  'rule.endpoint': 'must be an http or https address, such as https://minio.example.com:9000',
  'rule.hashes':
    'must be sha256: with the 64 hexadecimal digits that `sha256sum SHA256SUMS` prints, or hub for the hashes of the commit of `model.reference`',
  'rule.claim':
    'must be a claim such as roles, cognito:groups or realm_access.roles; gateways take dots as a way into objects, so one whose name is an address (https://example.com/roles) cannot be read: have the issuer write it under a plain name',
  'rule.claimValue':
    'must be a claim whose value is a text or a list; Zitadel writes roles as an object with a key a role, which gateways do not look through: have an action of Zitadel write their names as a list under a plain name, such as roles',
  'rule.claimDot':
    'must be a claim without a dot in its own name, which gateways take as a way into an object: of a token of Kubernetes name sub, which is system:serviceaccount:<namespace>:<name>',
  'rule.cidr': 'must be addresses in CIDR notation such as 10.0.0.0/28',
  'rule.prometheusLabel':
    'must be a label name of Prometheus: letters, digits and underscores, first no digit and not two underscores, and not exported_… or gen_ai_…',
  'rule.otherLabel': 'must be the name of another label: Fairway itself gives a meaning to {{labels}}',
  'rule.labelText': 'must be letters, digits and ._/:@- without spaces, at most 128, first a letter or digit',
  'rule.githubRepository': 'must be a repository at GitHub as owner/name, such as team/deployments',
  'rule.branch': 'must be the name of a branch, such as main',
  'rule.address': 'must be an address with http:// or https://',
  'rule.repository': 'must be the address of a repository, such as https://github.com/team/service',
  'rule.ref': 'must be the full name of a branch or a tag, such as refs/heads/main',
  'rule.workflow':
    'must be the address of a workflow, such as https://github.com/team/fairway/.github/workflows/deliver.yml, and may end with @ and its ref or commit',
  'rule.pinned':
    'must be hf://organization/name@revision with the 40 hexadecimal digits of a commit, because a branch or a tag may point elsewhere tomorrow, and /path behind it for one file or folder',
  'rule.cpu': 'must be a Kubernetes CPU quantity over zero and below 10000 such as 500m or 2',
  'rule.memory': 'must be a Kubernetes memory quantity of 1Mi or more such as 512Mi or 16Gi',
  'rule.tolerateAll': 'must be Exists where no key is given, which tolerates every taint',
  'rule.noTolerationValue': 'must be absent with `operator: Exists`, which tolerates every value',
  'rule.noExecute': 'needs `effect: NoExecute`, since other effects end no pod',
  'rule.time': 'must be a time as RFC 3339 has it, such as 2027-01-31T12:00:00Z',
  'rule.justified': 'says not_affected without saying why: add a justification',
  'rule.vexContext': 'must be https://openvex.dev/ns/v0.2.0',

  // values that do not go with others
  'conflict.noScope':
    'is no OAuth scope, which has no spaces, quotes and letters other than those of ASCII: name the claim that holds it in `access.claims`',
  'conflict.roleTwice': 'is there twice: give one role all its operations',
  'conflict.folderInRepository':
    'must be a path in {{repository}}, such as clusters/production/hello, since `apply.repository` names it',
  'conflict.folderOutside':
    'must be outside of the service folder, such as ../deployments/hello: what is written into the service folder would be a change of the source',
  'conflict.noRepository':
    'is about `apply.repository`, which is missing: name it, or remove this key and push the folder yourself',
  'conflict.belowMin': 'must be at least the {{min}} of `scaling.min`',
  'conflict.noPrometheus':
    'is missing: KEDA asks it for the metrics of the engine, such as http://prometheus.monitoring:9090',
  'conflict.hpaPrometheus':
    'is asked by KEDA, and with `by: hpa` an adapter of the cluster asks: remove one of the two',
  'conflict.hpaZero':
    'must be 1 or more with `by: hpa`, which goes by metrics of pods: without pods there are none, also where the cluster has HPAScaleToZero. Raise it, or take KEDA (`by: keda`)',
  'conflict.formerName': 'is the former name of `maxSeconds`, which is there too: remove it',
  'conflict.schedule': 'cannot be read: {{words}}',
  'conflict.weight': 'must be more than the {{weight}} of the step before',
  'conflict.lastWeight': 'must be 100 in the last step, so that the release ends with all traffic',
  'conflict.noClaim': 'is missing: it names the volume that holds the model',
  'conflict.noImage': 'is missing: it names the image that holds the model',
  'conflict.noBucket': 'is missing: it names the bucket and the folder in it that hold the model',
  'conflict.noHashes':
    'is missing: objects of a bucket may change under their names. Give the digest of a file SHA256SUMS beside the model, or hub where `model.reference` names its commit',
  'conflict.verifyWithout': 'means nothing without `hashes`: add them, or remove it',
  'conflict.hashesWithoutCommit':
    'is `hub`, which has hashes of a commit: it takes `model.reference`. Give the digest of a file SHA256SUMS beside the model',
  'conflict.mounted': 'means nothing where nodes mount the image: remove it, or set `pull: init`',
  'conflict.meaningless': 'means nothing with `from: {{from}}`: remove it',
  'conflict.a': 'a {{kind}}',
  'conflict.an': 'an {{kind}}',
  'conflict.nodesApart':
    'is {{nodes}}, and the pods of {{run}} do not know each other: set `workload.kind` to LeaderWorkerSet',
  'conflict.oneNode':
    'is for a model that several nodes serve together: set `workload.nodes` to how many, or remove `workload.kind`',
  'conflict.rolloutQueue':
    'holds the pods of Deployments, LeaderWorkerSets and LLMInferenceServices; Kueue does not know Rollouts. Remove it',
  'conflict.patchKind': 'is {{kind}}, and the pods of this service are run by {{run}} (`workload.kind`)',
  'conflict.noModel': 'must have either `path` or `reference`; neither is there',
  'conflict.twoModels': 'must have either `path` or `reference`, not both',
  'conflict.hubPath':
    'is `hub`, from which engines load whole repositories: it takes `model.reference` without a path behind the commit',
  'conflict.noAdapter':
    'must have `path`, a folder in the service folder, `folder`, one in the folder of the model that `model.weights` brings, or `reference`, a repository of the hub; none is there',
  'conflict.twoAdapters': 'must have one of `path`, `folder` and `reference`, not several',
  'conflict.adapterSecret':
    'has the token for a repository of the hub, and the adapter has no `reference`: remove it, or name the repository',
  'conflict.nameTwice': 'is the name of the model or of another adapter: each is asked for by a name of its own',
  'conflict.placeTwice':
    'ends in {{part}}, and so does the path of the model or of another adapter: the image would have both at /models/{{part}}. Rename the folder',
  'conflict.adapterFolder':
    'is inside the folder that `model.weights` brings from a volume, an artifact or a bucket, and there is none: give `path`, and copy the adapter into the image, or `reference`, and let pods download it',
  'conflict.noMig': 'asks for a part of {{gpu}}, of which no MIG profile is known here: remove it',
  'conflict.migProfile': 'must be a profile of {{gpu}}: {{profiles}}',
  'conflict.oneMig': 'must be 1 with `mig`: a program sees one MIG instance, however many the pod gets',
  'conflict.context':
    'must fit into the context: promptTokens {{prompt}} + outputTokens {{output}} = {{sum}} is more than serving.contextLength {{length}}',
  'conflict.clientLimit':
    'is up to {{most}} requests in a minute from one client, and access.requestsPerMinute lets {{limit}} through: raise the limit or lower the load, or the limit is measured and not the service',
  'conflict.ownGateway':
    'is done by the gateway that `mesh` puts before the pods, and `gateway.own` says that another one stands there: remove it, and let that gateway do it',
  'conflict.networkAndMesh': 'is a NetworkPolicy, and `mesh` brings one that lets in less: remove one of the two',
  'conflict.applySays': 'what the folder of `apply` says',
  'conflict.scalingSays': 'what `scaling` says',
  'conflict.podNumber':
    'makes a release change how many pods the versions have, and their number is {{number}}: the two would undo each other. Remove one of them',
  'conflict.setName':
    'has {{length}} characters, and in a LeaderWorkerSet it may have {{most}}: each group of nodes is a StatefulSet, whose pods cannot be made when its name has more than 52. Shorten it, or take another `workload.kind`',
  'conflict.setGpu': 'is missing: several nodes share the GPUs of one model (`workload.nodes`)',
  'conflict.setMesh':
    'lets the gateway alone to the pods, and the nodes of a LeaderWorkerSet have to reach each other: remove one of them',
  'conflict.setSurge':
    'makes a release take pods from a version one by one, after their streams ended, and a LeaderWorkerSet itself chooses which go: remove it, or `workload.kind`',
  'conflict.kserveScaling':
    'has an autoscaler set how many pods a version has, and an LLMInferenceService has no scale that it could set: remove it, or `workload.kind`',
  'conflict.kserveAdapters':
    'are not known to reach the engine of an LLMInferenceService, whose base configuration lies over folders of the image: remove them, or `workload.kind`',
  'conflict.kserveSurge':
    'makes a release take pods from a version one by one, after their streams ended, and those of an LLMInferenceService stay in its Service until they end: remove it, or `workload.kind`',
  'conflict.startPods':
    'is the number of pods that a version starts with and must be one of `scaling`, from {{min}} to {{max}}',
  'conflict.sleepMesh':
    'pods in a mesh take requests of the gateway alone, and what holds requests passes them on (`mesh`)',
  'conflict.sleepApply': 'what holds requests is put beside a version by `deploy` itself (`apply`)',
  'conflict.sleepKind': 'it is built for a Deployment and for no {{kind}} (`workload.kind`)',
  'conflict.sleep': 'must be 1 or more here: {{reason}}. Raise it, or remove the other',
  'conflict.coldBudget':
    'must be absent beside `{{field}}`: `deploy` asks the pods itself for their first token, and takes back what is too slow. Remove one of the two',
  'conflict.surge':
    'must be 1 or more with 1 replica: its only pod would have to stop before the pod of the new version starts, and nobody would answer in between',
} as const;
