import type { clusterTexts } from '@fairway/service/reasons/cluster';

/** What a cluster lacks for a service, in Simplified Chinese. */
export const clusterReasonsChinese: Record<keyof typeof clusterTexts, string> = {
  'missing.kind':
    '上下文“{{context}}”的集群不提供 {{kind}}（{{version}}），而 `workload.kind` 要求它。请在那里安装 {{project}}，或在 fairway.yaml 中选择其他类型。',
  'missing.claims':
    '上下文“{{context}}”的集群不提供 {{kind}}（{{version}}），而 `resources.gpu.deviceClass` 要求它。Kubernetes 从 1.34 起提供它；如果 GPU 由设备插件提供，请从 fairway.yaml 中删除该字段。',
  'missing.pullToken':
    '上下文“{{context}}”的集群不提供 {{kind}}（{{version}}），而 `workload.pullToken` 要求它。请在那里安装 External Secrets 0.16 或更高版本（https://external-secrets.io）。如果节点可以用自己的身份拉取，请删除该字段。',
  'missing.keda':
    '上下文“{{context}}”的集群不提供 {{kind}}（{{version}}），而 `scaling` 要求它。请在那里安装 KEDA 2.21 或更高版本（https://keda.sh）；如果有适配器提供 Pod 的指标，请使用 `scaling.by: hpa`；或删除 `scaling` 并设置 `resources.replicas`。',
  'missing.podMetrics':
    '上下文“{{context}}”的集群不提供 {{group}}，而 `scaling.by: hpa` 从中获取 Pod 的指标。请在那里安装 prometheus-adapter，并配置 docs/scaling.md 所示、由 `fairway render` 写出的规则，或使用 KEDA（`by: keda`）。',

  'scaler.idle':
    '没有任何对象决定 {{version}} 有多少个 Pod，在此之前它保留现有的 Pod。其 {{kind}} 的说明：“{{words}}”。请检查它所查询的对象：scaling.prometheus 中的 Prometheus，或提供 Pod 指标的适配器（docs/scaling.md）。',
  'others.scaledTwice':
    '{{autoscaler}} 会扩缩本服务的版本 {{version}}，而 fairway.yaml 中的 `scaling` 所创建的对象也会。两者统计同一批 Pod 时，Kubernetes 不让任何一个扩缩（AmbiguousSelector），KEDA 的 webhook 也会拒绝第二个。请删除 {{autoscaler}}。',
  'others.scaledInRelease':
    '{{autoscaler}} 会扩缩本服务的版本 {{version}}。当 `release.surge` 小于 `resources.replicas` 或使用 `gateway.own` 时，发布会把 Pod 从一个版本移到另一个版本，而该自动扩缩器会把发布取走的 Pod 加回来。请删除 {{autoscaler}}。',
  'others.scaled':
    '{{autoscaler}} 会扩缩本服务的版本 {{version}}。它不会扩缩下一个版本，后者名称不同，并有 `resources.replicas` 个 Pod。请用 fairway.yaml 中的 `scaling` 扩缩每个版本（docs/scaling.md），并在那次交付后删除 {{autoscaler}}。',
  'others.resized':
    '{{autoscaler}}（updateMode 为 {{mode}}）会按使用情况向本服务的版本 {{version}} 的 Pod 写入其推荐的 {{resources}}，取代 fairway.yaml 中 `resources` 的值；limits 按比例随之变化。之后需要更多资源的引擎会启动缓慢，或因内存不足而终止。请设置 `updateMode: "Off"`，使其只给出推荐；或在其 `containerPolicies` 中为容器 `engine` 设置 `mode: "Off"`。',
  'others.evicts': '为了更改正在运行的 Pod，它会驱逐这些 Pod，而每个 Pod 都要重新加载模型。',
  'others.secondBudget':
    'PodDisruptionBudget {{budget}} 选中了本服务的 Pod，而每个版本都有自己的 PodDisruptionBudget。Kubernetes 不会驱逐被两个 PodDisruptionBudget 选中的 Pod，因此排空其节点永远不会结束。请在其选择器中加入表达式 `app.kubernetes.io/managed-by NotIn (fairway)`。',
  'others.noEviction':
    'PodDisruptionBudget {{budget}} 选中了本服务的 Pod，并且不允许驱逐其中任何一个，因此排空其节点永远不会结束。请让它允许一个，或在其选择器中用表达式 `app.kubernetes.io/managed-by NotIn (fairway)` 排除这些 Pod。',

  'room.needs': '在上下文“{{context}}”的集群中，该服务同时需要 {{pods}}，每个需要 {{each}}',
  'room.needsBeside':
    '在上下文“{{context}}”的集群中，该服务同时需要 {{pods}}（包括正在提供服务的版本），每个需要 {{each}}',
  'room.each': 'CPU {{cpu}} 和内存 {{memory}}',
  'room.eachWithGpu': '{{gpus}} × {{gpu}}、CPU {{cpu}} 和内存 {{memory}}',
  'room.lower': '请在 fairway.yaml 中降低 `resources`',
  'room.lowerSurge': '请在 fairway.yaml 中降低 `resources` 或 `release.surge`',
  'room.quota':
    '{{needs}}，而命名空间 {{namespace}} 的配额 {{quota}} 总共允许 {{most}} 个。{{lower}}，或申请更大的配额。',
  'room.quotaNow':
    '{{needs}}，而命名空间 {{namespace}} 的配额 {{quota}} 目前还允许 {{left}} 个。{{lower}}，或申请更大的配额。',
  'room.quotaAsks':
    '{{needs}}，而命名空间 {{namespace}} 的配额 {{quota}} 只允许设有 CPU 上限的 Pod；这些 Pod 没有上限，因为上限会在生成词元的途中拖慢引擎。请在命名空间中创建默认值不低于 {{cpu}} 的 LimitRange，或用 workload.patches 设置上限。',
  'room.limits':
    '{{needs}}，而命名空间 {{namespace}} 的一个 LimitRange 拒绝它们：{{why}}。请更改 fairway.yaml 中的 `resources`，或让人更改 LimitRange。',
  'limits.container': '容器',
  'limits.pod': 'Pod',
  'limits.cpu': '它给没有 CPU 上限的容器设置上限 {{limit}}，低于它们申请的数量',
  'limits.most': '每个{{each}}最多可有 {{most}} 的 {{resource}}',
  'limits.unlimited': '每个{{each}}最多可有 {{most}} 的 {{resource}}，并且必须设置其上限',
  'limits.least': '每个{{each}}至少须申请 {{least}} 的 {{resource}}',
  'limits.ratio': '每个{{each}}的 {{resource}} 上限最多可为其申请量的 {{ratio}} 倍',
  'room.queue': '{{needs}}，而{{queue}}。{{lower}}，或请人修改队列。',
  'room.queueNow': '{{needs}}，而{{queue}}。`deploy` 会等到队列准入它们。',
  'room.nodes': '{{needs}}，而其节点在没有运行其他内容时可容纳 {{most}} 个',
  'room.nodesNow': '{{needs}}，其中 {{more}} 个是新的，而除目前运行的内容之外，其节点还可容纳 {{most}} 个',
  'room.ofNodes': '{{room}}：{{nodes}}中，{{reasons}}。',
  'nodeCount.one': '1 个节点',
  'nodeCount.many': ' {{number}} 个节点',
  'room.nodeIs': '1 个{{why}}',
  'room.nodesAre': '{{number}} 个{{why}}',
  'room.notReady': '未就绪或已被封锁（cordon）',
  'room.otherSystem': '不是 Linux',
  'room.noClass': '没有 {{gpu}}',
  'room.noLabel': '没有 workload.nodeSelector 的标签 {{label}}',
  'room.tainted': '有这些 Pod 不容忍的污点 {{taint}}',
  'room.tooLittle': '剩余的 {{resources}} 不足',
  'room.addNodes': '{{lower}}，或添加节点。',
  'room.mayGrow': '其自动扩缩器可能会添加节点。如果没有添加：{{advice}}',
  'room.mightGrow': '无法得知是否有程序添加节点。如果没有添加：{{advice}}',
  'room.waits': '`deploy` 会在 startup.schedulingSeconds 内等待空间。{{lower}}，或结束其他内容。',
  'room.processors':
    'Pod 可能会落到处理器为 {{processors}} 的节点上，而镜像只适用于其中一种，除非它是为两种构建的。请在 `workload.nodeSelector` 中用标签 kubernetes.io/arch 指定镜像的处理器。',
  'room.patched': 'workload.patches 对 Pod 的更改未计入。',

  'weights.noClaim':
    '集群的命名空间 {{namespace}} 中没有 PersistentVolumeClaim {{claim}}（model.weights.claim）。请创建它并把模型放入其中，或指定另一个。',
  'weights.otherClaims':
    '集群的命名空间 {{namespace}} 中没有 PersistentVolumeClaim {{claim}}（model.weights.claim）；已有的是 {{others}}。请创建它并把模型放入其中，或指定另一个。',
  'weights.lost':
    '命名空间 {{namespace}} 的 PersistentVolumeClaim {{claim}} 背后的卷已不存在（其阶段为 Lost）。请用该模型创建新的申领，或指定另一个。',
  'weights.onePod':
    'PersistentVolumeClaim {{claim}} 只供一个 Pod 使用（ReadWriteOncePod），而发布期间有 {{pods}} 个 Pod 需要它。请创建 ReadOnlyMany 或 ReadWriteMany 的申领。',
  'weights.readOnly':
    'PersistentVolumeClaim {{claim}} 只能读取（{{modes}}），而第一个 Pod 会把模型放到那里。请创建带有 ReadWriteMany 的声明；如果该卷中已有模型，请将 model.weights.from 设为 volume。',
  'weights.noNote':
    'PersistentVolumeClaim {{claim}} 只能读取（{{modes}}），而第一个 Pod 会在那里记下已校验的文件。请将 model.weights.verify 设为 always，由每个 Pod 在引擎启动之前读取模型，或创建带有 ReadWriteMany 的声明。',
  'weights.noImageVolume':
    '该集群是 Kubernetes 1.{{minor}}，不能把镜像中的文件夹挂载为卷：从 1.{{since}} 起才支持。请将 model.weights.pull 设为 init，由每个 Pod 自己拉取镜像。',
  'weights.noImageVolumeForKserve':
    '该集群是 Kubernetes 1.{{minor}}，不能把镜像中的文件夹挂载为卷，而 LLMInferenceService 以这种方式获得其镜像中的模型：从 1.{{since}} 起才支持。请把模型放在卷上（model.weights.from: volume），或选择其他 workload.kind。',

  'metrics.ruler': 'Ruler',
  'metrics.denied': '{{what}} 不接受 monitor 和 release 的查询。{{words}}',
};
