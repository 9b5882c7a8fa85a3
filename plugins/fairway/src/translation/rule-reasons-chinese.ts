import type { ruleTexts } from '@fairway/service/reasons/rules';

/** What a value of a file must be: ends of sentences that begin with its key, in Simplified Chinese. Words of other programs stand in quotes, as they were said. */
export const ruleReasonsChinese: Record<keyof typeof ruleTexts, string> = {
  'rule.dnsLabel': '必须是 DNS 标签：最多 {{most}} 个小写字母、数字和连字符，以字母开头，不以连字符结尾',
  'rule.namespace': '必须是 Kubernetes 命名空间：最多 63 个小写字母、数字和连字符，两端不是连字符',
  'rule.modelName': '必须是模型名称：字母、数字和 ._/:-，不含空格，最多 128 个字符，以字母或数字开头',
  'rule.catalogName': '必须是目录名称：字母、数字、连字符、下划线和点，最多 63 个字符',
  'rule.catalogReference': '必须是目录引用，例如 team-a、group:team-a 或 user:default/jane',
  'rule.insidePath': '必须是服务文件夹内的路径，使用正斜杠，不含“..”',
  'rule.star': '不得以 * 开头或结尾，因为在 Istio 中它代表任意文本：请指定每个值',
  'rule.scope': '必须是一个 OAuth 作用域：可打印字符，不含空格、引号和反斜杠',
  'rule.oneLine': '必须是单行文本，两端不含空格',
  'rule.hostname': '必须是小写的主机名，例如 llm.example.com',
  'rule.date': '必须是存在的日期，写作年-月-日，例如 2027-01-31',
  'rule.objectName': '必须是 Kubernetes 对象的名称，例如 team-a',
  'rule.labelKey': '必须是 Kubernetes 标签的键，例如 example.com/pool',
  'rule.labelValue': '必须是 Kubernetes 标签的值：最多 63 个字母、数字和 ._-，首尾是字母或数字',
  'rule.imageDigest': '必须是带镜像仓库和摘要的镜像，例如 registry.example.com/models/llama@sha256:…',
  'rule.adapterFolder': '必须是由字母、数字、点、连字符和下划线组成的相对路径，因为引擎将其作为 name=path 的一部分读取',
  'rule.bucket':
    '必须是 s3://存储桶/文件夹，即存储桶的名称和其中文件夹的路径。Google Cloud 的存储桶同样写作 s3://，并将 endpoint 设为 https://storage.googleapis.com，以 HMAC 密钥作为 Secret',
  'rule.endpoint': '必须是 http 或 https 地址，例如 https://minio.example.com:9000',
  'rule.hashes':
    '必须是 sha256: 加上 `sha256sum SHA256SUMS` 打印的 64 位十六进制数字，或者是 hub，表示 `model.reference` 的提交的哈希值',
  'rule.claim':
    '必须是声明（claim），例如 roles、cognito:groups 或 realm_access.roles；网关把点视为进入对象的路径，因此名称为地址的声明（https://example.com/roles）无法读取：请让签发者以普通名称写出它',
  'rule.claimValue':
    '必须是值为文本或列表的声明；Zitadel 把角色写成对象，每个角色一个键，网关不会查看其中：请让 Zitadel 的动作以列表形式在普通名称（例如 roles）下写出角色名称',
  'rule.claimDot':
    '必须是自身名称中不含点的声明，因为网关把点视为进入对象的路径：对于 Kubernetes 的令牌，请写 sub，即 system:serviceaccount:<namespace>:<name>',
  'rule.cidr': '必须是 CIDR 表示法的地址，例如 10.0.0.0/28',
  'rule.prometheusLabel':
    '必须是 Prometheus 的标签名称：字母、数字和下划线，不以数字或两个下划线开头，也不是 exported_… 或 gen_ai_…',
  'rule.otherLabel': '必须是另一个标签的名称：Fairway 自身赋予以下标签含义：{{labels}}',
  'rule.labelText': '必须是字母、数字和 ._/:@-，不含空格，最多 128 个字符，以字母或数字开头',
  'rule.githubRepository': '必须是 GitHub 上的仓库，写作 owner/name，例如 team/deployments',
  'rule.branch': '必须是分支的名称，例如 main',
  'rule.address': '必须是以 http:// 或 https:// 开头的地址',
  'rule.repository': '必须是仓库的地址，例如 https://github.com/team/service',
  'rule.ref': '必须是分支或标签的完整名称，例如 refs/heads/main',
  'rule.workflow':
    '必须是工作流的地址，例如 https://github.com/team/fairway/.github/workflows/deliver.yml，可以以 @ 及其引用或提交结尾',
  'rule.pinned':
    '必须是 hf://organization/name@revision，带提交的 40 位十六进制数字，因为分支或标签明天可能指向别处；后面可加 /路径，表示单个文件或文件夹',
  'rule.cpu': '必须是大于零且小于 10000 的 Kubernetes CPU 数量，例如 500m 或 2',
  'rule.memory': '必须是不小于 1Mi 的 Kubernetes 内存数量，例如 512Mi 或 16Gi',
  'rule.tolerateAll': '在没有给出键时必须是 Exists，它容忍所有污点',
  'rule.noTolerationValue': '使用 `operator: Exists` 时必须省略，它容忍所有值',
  'rule.noExecute': '需要 `effect: NoExecute`，因为其他效果不会终止 Pod',
  'rule.time': '必须是 RFC 3339 格式的时间，例如 2027-01-31T12:00:00Z',
  'rule.justified': '声明 not_affected 而没有说明原因：请添加 justification',
  'rule.vexContext': '必须是 https://openvex.dev/ns/v0.2.0',

  'conflict.noScope':
    '不是 OAuth 作用域，作用域不含空格、引号和 ASCII 以外的字母：请在 `access.claims` 中指定含有它的声明',
  'conflict.roleTwice': '出现了两次：请为一个角色写上其全部操作',
  'conflict.folderInRepository':
    '必须是 {{repository}} 中的路径，例如 clusters/production/hello，因为 `apply.repository` 指定了它',
  'conflict.folderOutside': '必须位于服务文件夹之外，例如 ../deployments/hello：写入服务文件夹的内容会成为源代码的更改',
  'conflict.noRepository': '与 `apply.repository` 有关，而后者不存在：请指定它，或删除此键并自行推送该文件夹',
  'conflict.belowMin': '必须不小于 `scaling.min` 的 {{min}}',
  'conflict.noPrometheus': '不存在：KEDA 向它查询引擎的指标，例如 http://prometheus.monitoring:9090',
  'conflict.hpaPrometheus': '由 KEDA 查询，而使用 `by: hpa` 时由集群的适配器查询：请删除两者之一',
  'conflict.hpaZero':
    '使用 `by: hpa` 时必须为 1 或更大，它依据 Pod 的指标：没有 Pod 就没有指标，即使集群有 HPAScaleToZero。请提高它，或使用 KEDA（`by: keda`）',
  'conflict.formerName': '是 `maxSeconds` 的旧名称，而后者也存在：请将其删除',
  'conflict.schedule': '无法读取：“{{words}}”',
  'conflict.weight': '必须大于上一步的 {{weight}}',
  'conflict.lastWeight': '在最后一步必须为 100，使发布以全部流量结束',
  'conflict.noClaim': '不存在：它指定含有模型的卷',
  'conflict.noImage': '不存在：它指定含有模型的镜像',
  'conflict.noBucket': '不存在：它指定含有模型的存储桶和其中的文件夹',
  'conflict.noHashes':
    '不存在：存储桶中的对象可能在同一名称下改变。请给出模型旁边的文件 SHA256SUMS 的摘要；如果 `model.reference` 指定了其提交，也可设为 hub',
  'conflict.verifyWithout': '没有 `hashes` 时没有意义：请添加 hashes，或将其删除',
  'conflict.hashesWithoutCommit':
    '为 `hub`，而 hub 只有提交的哈希值：需要 `model.reference`。请给出模型旁边的文件 SHA256SUMS 的摘要',
  'conflict.mounted': '在节点挂载镜像时没有意义：请将其删除，或设置 `pull: init`',
  'conflict.meaningless': '使用 `from: {{from}}` 时没有意义：请将其删除',
  'conflict.a': '{{kind}}',
  'conflict.an': '{{kind}}',
  'conflict.nodesApart': '为 {{nodes}}，而 {{run}} 的 Pod 互不相识：请将 `workload.kind` 设为 LeaderWorkerSet',
  'conflict.oneNode': '用于由多个节点共同服务的模型：请将 `workload.nodes` 设为节点数，或删除 `workload.kind`',
  'conflict.rolloutQueue':
    '管控 Deployment、LeaderWorkerSet 和 LLMInferenceService 的 Pod；Kueue 不支持 Rollout。请将其删除',
  'conflict.patchKind': '为 {{kind}}，而该服务的 Pod 由 {{run}} 运行（`workload.kind`）',
  'conflict.noModel': '必须有 `path` 或 `reference` 之一；两者都没有',
  'conflict.twoModels': '必须有 `path` 或 `reference` 之一，而不是两者',
  'conflict.hubPath': '为 `hub`，引擎从中加载整个仓库：它要求 `model.reference` 的提交后面没有路径',
  'conflict.noAdapter':
    '必须有 `path`（服务文件夹中的文件夹）、`folder`（`model.weights` 带来的模型文件夹中的文件夹）或 `reference`（模型中心的仓库）之一；一个都没有',
  'conflict.twoAdapters': '必须有 `path`、`folder` 和 `reference` 中的一个，而不是多个',
  'conflict.adapterSecret': '含有模型中心仓库的令牌，而该适配器没有 `reference`：请将其删除，或指定仓库',
  'conflict.nameTwice': '是模型或另一个适配器的名称：每个都以自己的名称被请求',
  'conflict.placeTwice':
    '以 {{part}} 结尾，而模型或另一个适配器的路径也是如此：镜像中两者都会位于 /models/{{part}}。请重命名该文件夹',
  'conflict.adapterFolder':
    '位于 `model.weights` 从卷、制品或存储桶带来的文件夹中，而这里没有：请给出 `path`，并将适配器复制到镜像中，或给出 `reference`，由 Pod 下载',
  'conflict.noMig': '要求 {{gpu}} 的一部分，而这里不知道它的 MIG 配置：请将其删除',
  'conflict.migProfile': '必须是 {{gpu}} 的配置文件：{{profiles}}',
  'conflict.oneMig': '使用 `mig` 时必须为 1：无论 Pod 得到多少个，程序只能看到一个 MIG 实例',
  'conflict.context':
    '必须放得下上下文：promptTokens {{prompt}} + outputTokens {{output}} = {{sum}}，大于 serving.contextLength {{length}}',
  'conflict.clientLimit':
    '一个客户端每分钟最多 {{most}} 个请求，而 access.requestsPerMinute 允许 {{limit}} 个：请提高该限制或降低负载，否则测量的是限制而不是服务',
  'conflict.ownGateway':
    '由 `mesh` 放在 Pod 之前的网关完成，而 `gateway.own` 表示那里是另一个网关：请将其删除，并由那个网关完成',
  'conflict.networkAndMesh': '是一个 NetworkPolicy，而 `mesh` 带来一个允许范围更小的：请删除两者之一',
  'conflict.applySays': '由 `apply` 的文件夹决定',
  'conflict.scalingSays': '由 `scaling` 决定',
  'conflict.podNumber': '使发布改变各版本的 Pod 数量，而其数量{{number}}：两者会互相抵消。请删除其中一个',
  'conflict.setName':
    '有 {{length}} 个字符，而在 LeaderWorkerSet 中最多可有 {{most}} 个：每组节点是一个 StatefulSet，其名称超过 52 个字符时无法创建其 Pod。请缩短名称，或使用其他 `workload.kind`',
  'conflict.setGpu': '不存在：多个节点共用一个模型的 GPU（`workload.nodes`）',
  'conflict.setMesh': '只允许网关访问 Pod，而 LeaderWorkerSet 的节点必须能互相访问：请删除其中一个',
  'conflict.setSurge':
    '使发布在流结束后从版本中逐个取走 Pod，而 LeaderWorkerSet 自行选择取走哪些：请将其删除，或删除 `workload.kind`',
  'conflict.kserveScaling':
    '由自动扩缩器设置版本的 Pod 数量，而 LLMInferenceService 没有可设置的规模：请将其删除，或删除 `workload.kind`',
  'conflict.kserveAdapters':
    '未知能否到达 LLMInferenceService 的引擎，其基础配置会覆盖镜像的文件夹：请将其删除，或删除 `workload.kind`',
  'conflict.kserveSurge':
    '使发布在流结束后从版本中逐个取走 Pod，而 LLMInferenceService 的 Pod 在结束之前一直留在其 Service 中：请将其删除，或删除 `workload.kind`',
  'conflict.startPods': '是版本启动时的 Pod 数量，必须是 `scaling` 中的数量，从 {{min}} 到 {{max}}',
  'conflict.sleepMesh': '网格中的 Pod 只接受网关的请求，而保留请求的程序会转发请求（`mesh`）',
  'conflict.sleepApply': '保留请求的程序由 `deploy` 自身放在版本旁边（`apply`）',
  'conflict.sleepKind': '它是为 Deployment 而不是为 {{kind}} 构建的（`workload.kind`）',
  'conflict.sleep': '在这里必须为 1 或更大：{{reason}}。请提高它，或删除另一个',
  'conflict.coldBudget':
    '不能与 `{{field}}` 同时使用：`deploy` 自己向 Pod 请求首个词元，并撤回过慢的版本。请删除其中之一',
  'conflict.surge': '只有 1 个副本时必须为 1 或更大：其唯一的 Pod 必须在新版本的 Pod 启动之前停止，其间无人应答',
};
