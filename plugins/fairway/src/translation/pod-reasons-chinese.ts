import type { podTexts } from '@fairway/service/reasons/pods';

/** What keeps a pod or a rollout from getting ready, in Simplified Chinese. Words of other programs stand in quotes, as they were said. */
export const podReasonsChinese: Record<keyof typeof podTexts, string> = {
  'list.and': '{{first}}、{{second}}',
  'list.also': '{{first}}；{{second}}',

  'node.named': '节点“{{node}}”',
  'node.unnamed': '节点',
  'resource.cpu': 'CPU',
  'resource.memory': '内存',
  'resource.disk': '磁盘空间',
  'resource.pods': '可运行的 Pod 数量',

  'pod.outOfResource': '{{node}}剩余的资源（{{resource}}）不足以运行 Pod {{pod}}，已被其他 Pod 抢先占用：“{{words}}”。',
  'pod.notAdmitted':
    '{{node}}不接纳 Pod {{pod}}：“{{words}}”。请检查该节点的设备插件和 GPU；如果 GPU 损坏，请封锁（cordon）该节点。',
  'pod.evicted': '{{node}}驱逐了 Pod {{pod}}：“{{words}}”。',
  'pod.evictedForDisk':
    '{{node}}驱逐了 Pod {{pod}}：“{{words}}”。写入磁盘的数据超出了节点的容量：请减少写入，或申请磁盘更大的节点。',
  'pod.evictedForLimit':
    '{{node}}驱逐了 Pod {{pod}}：“{{words}}”。写入磁盘的数据超出了其限制：请减少写入，或用 workload.patches 提高该限制（容器的 limits.ephemeral-storage，或卷的 sizeLimit）。集群可能为未声明限制的 Pod 设置限制，例如 GKE Autopilot。',
  'pod.evictedForMemory':
    '{{node}}驱逐了 Pod {{pod}}：“{{words}}”。请将 fairway.yaml 中的 resources.memory 提高到引擎的实际用量。',
  'pod.underPressure': '{{node}}目前不接受此类 Pod，没有启动 Pod {{pod}}：“{{words}}”。',
  'pod.labelsChanged': '{{node}}的标签已更改，不再与 Pod {{pod}} 匹配：“{{words}}”。',
  'pod.preempted': 'Pod {{pod}} 被优先级更高的 Pod 抢占：“{{words}}”。',
  'pod.nodeShutsDown': '{{node}}正在关闭，并终止了 Pod {{pod}}：“{{words}}”。',
  'pod.nodeLost': 'Pod {{pod}} 所在的{{node}}不再响应：“{{words}}”。',
  'pod.nodeSilent':
    'Pod {{pod}} 的{{node}}自 {{since}} 起没有应答：“{{words}}”。五分钟后 Kubernetes 会在别处重新创建该 Pod，除非其容忍度另有规定。请检查该节点是否在运行。',
  'pod.nodeNotReady':
    'Pod {{pod}} 的{{node}}自 {{since}} 起未就绪：“{{words}}”。请检查其 kubelet 和容器运行时，或删除该 Pod 并封锁该节点。',
  'pod.stays':
    '{{node}}上的 Pod {{pod}} 应已结束，但仍然存在：“{{words}}”。不再响应的节点会保留其 Pod，直到它恢复响应或被删除。',
  'pod.ended': 'Pod {{pod}} 已被终止（{{reason}}）：“{{words}}”。',
  'pod.noWords': '未说明原因',

  'pod.queued': 'Pod {{pod}} 正在等待其队列的准入（调度门控），尚未开始启动。',
  'pod.queuedSo': 'Pod {{pod}} 正在等待其队列的准入（调度门控），尚未开始启动：“{{words}}”。',
  'pod.neverAdmitted':
    'Pod {{pod}} 的队列不予准入，等待也不会改变：“{{words}}”。请在 fairway.yaml 中降低 resources，更正 workload.queue 或 workload.nodeSelector，或请人修改队列。',
  'pod.deactivated':
    '该 Pod 在其队列中的请求 {{workload}} 已被停用，不会再被准入：“{{words}}”。请更正其所述问题，然后再次运行 deploy，或将该 Workload 的 spec.active 设为 true。',
  'pod.stoppedByQueue':
    'Kueue 结束了 Pod {{pod}}，因为它没有及时就绪，之后它会重新启动：“{{words}}”。请让人把其配置中的 waitForPodsReady.timeout 提高到超过一次启动所需的时间。',
  'pod.preemptedByQueue':
    'Kueue 为另一个请求终止了 Pod“{{pod}}”，后继 Pod 正在重新等待：“{{words}}”。请提高 workload.priorityClass，或提高队列的配额。',
  'pod.nodeComes': '正在为 Pod {{pod}} 添加节点：“{{words}}”。',
  'pod.noNodeComes': '{{cause}}自动扩缩器不添加节点：“{{words}}”。',
  'pod.noGpu': '没有节点具有{{gpus}}（所申请类别的 {{resource}}）：“{{words}}”。',
  'pod.noGpuNor':
    '没有节点具有{{gpus}}（所申请类别的 {{resource}}），且部分节点还缺少以下资源：{{others}}。调度器的消息：“{{words}}”。',
  'gpus.one': ' 1 个空闲的 GPU',
  'gpus.many': ' {{number}} 个空闲的 GPU',
  'gpus.enough': '足够的空闲 GPU',
  'pod.noRoom':
    '没有节点剩余足够的资源（{{resources}}）来运行 Pod {{pod}}：“{{words}}”。请降低 fairway.yaml 中的 resources，或添加节点。',
  'pod.noRoomElse': '{{cause}}其他节点可能有空间，但不能运行它：{{reasons}}。',
  'pod.noneOf': '{{total}} 个节点都不能运行 Pod {{pod}}：{{reasons}}。调度器的消息：“{{words}}”。',
  'pod.noClaim':
    'Pod {{pod}} 指定的 {{kind}} {{claim}} 不在其命名空间中：请创建它，或更正 fairway.yaml 中的名称。调度器说：“{{words}}”。',
  'pod.claimUnbound':
    'Pod {{pod}} 的一个 PersistentVolumeClaim 还没有卷：请查看其事件，以及其存储类是否提供该大小和访问模式的卷。调度器说：“{{words}}”。',
  'pod.noNode': '没有节点能够运行 Pod {{pod}}：“{{words}}”。',
  'nodes.one': '{{what}}（1 个节点）',
  'nodes.many': '{{what}}（{{number}} 个节点）',
  'nodes.tainted': '有该 Pod 不容忍的污点',
  'nodes.taintedBy': '有该 Pod 不容忍的污点“{{taint}}”',
  'nodes.cordoned': '已被封锁（cordon）',
  'nodes.labels': 'GPU 类别不同，或没有所要求的标签',
  'nodes.antiAffinity': '已有该 Pod 因反亲和性必须避开的 Pod',
  'nodes.spread': '不满足在可用区或节点间的拓扑分布约束',
  'nodes.ports': '没有空闲的端口',
  'nodes.claims': '没有其 ResourceClaim 所申请的空闲设备',
  'nodes.volume': '无法访问该 Pod 的卷',

  'pod.volume': 'Pod {{pod}} 无法挂载卷：“{{words}}”。',
  'pod.devices': '{{node}}无法准备 Pod {{pod}} 所申领的设备：“{{words}}”。请检查该节点的 DRA 驱动。',
  'pod.runtime': '{{node}}没有 Pod {{pod}} 所要求的容器运行时：“{{words}}”。',
  'pod.sandbox': '容器运行时无法创建 Pod {{pod}} 的沙箱：“{{words}}”。',
  'pod.network': '无法设置 Pod {{pod}} 的网络：“{{words}}”。',
  'pod.noAddress':
    '{{node}}没有可分配给 Pod {{pod}} 的网络地址：“{{words}}”。该节点上有 Pod 结束后，它才能得到地址。请为节点提供更大的子网或 Pod 地址范围，或让其他节点运行它。',
  'pod.gate': 'Pod {{pod}} 的容器已就绪，但有一个就绪门控（readiness gate）未满足：“{{words}}”。',

  'image.unnamed': '镜像',
  'image.of': '{{image}}（{{container}}）',
  'image.badName': '不是有效的镜像名称：{{image}}：“{{words}}”。',
  'image.neverPulled': '节点上没有镜像，而 Pod 不得拉取：{{image}}：“{{words}}”。',
  'image.unsigned': '镜像的签名不符合节点的策略：{{image}}：“{{words}}”。',
  'image.denied': '镜像仓库不允许集群拉取镜像，拉取凭据缺失或错误：{{image}}：“{{words}}”。',
  'image.deniedOnce':
    '镜像仓库不允许集群拉取镜像，拉取凭据缺失或错误：{{image}}：“{{words}}”。节点当时还没有用于拉取的 Secret，将会重试。',
  'image.limited': '镜像稍后才能拉取，目前拉取受到限速：{{image}}：“{{words}}”。',
  'image.diskFull': '节点的磁盘空间不足，放不下镜像：{{image}}：“{{words}}”。',
  'image.certificate': '节点不信任镜像仓库的证书：{{image}}：“{{words}}”。',
  'image.plain':
    '镜像仓库不使用 TLS，而节点的容器运行时使用 TLS 访问它：{{image}}：“{{words}}”。请为镜像仓库配置证书，或在节点上允许不使用 TLS 访问该地址。',
  'image.unreachable': '集群无法访问镜像仓库：{{image}}：“{{words}}”。',
  'image.otherProcessor':
    '镜像不是为该节点的处理器构建的：{{image}}：“{{words}}”。请为该处理器构建镜像，或通过标签 kubernetes.io/arch（workload.nodeSelector）要求另一种节点。',
  'image.missing': '镜像仓库中没有该镜像：{{image}}：“{{words}}”。',
  'image.notPulled': '集群无法拉取镜像：{{image}}：“{{words}}”。',

  'container.engine': '引擎',
  'container.image': '镜像',
  'container.init': 'Init 容器“{{name}}”',
  'container.sidecar': '边车容器“{{name}}”',
  'container.other': '容器“{{name}}”',
  'container.volume': '卷“{{name}}”',
  'container.busy': '{{container}}尚未创建，节点正忙：“{{words}}”。',
  'container.root': '{{container}}必须以非 root 的数字用户运行（在其 Dockerfile 中设置 USER 65532）：“{{words}}”。',
  'container.noSecret':
    'Pod 引用的 Secret 不存在，创建之后 Pod 才会启动：“{{words}}”。请创建它，或检查负责创建它的组件为何没有创建。',
  'container.noConfigMap':
    'Pod 引用的 ConfigMap 不存在，创建之后 Pod 才会启动：“{{words}}”。请创建它，或检查负责创建它的组件为何没有创建。',
  'container.noImageVolume':
    '节点的容器运行时不支持把镜像挂载为卷：“{{words}}”。containerd 从 2.1 起支持，CRI-O 从 1.33 起支持。请更新运行时，或让模型以其他方式进入 Pod（fairway.yaml 中的 model.weights）。',
  'container.driver': '{{container}}无法在此节点上启动：{{problem}}',
  'container.noProgram': '镜像中没有{{container}}要启动的程序：“{{words}}”。',
  'container.otherProcessor':
    '{{container}}是为与其节点不同的处理器构建的：“{{words}}”。请为该处理器构建镜像，或通过标签 kubernetes.io/arch（workload.nodeSelector）要求另一种节点。',
  'container.notExecutable': '{{container}}的用户没有执行权限：“{{words}}”。',
  'container.notCreated': '无法创建{{container}}：“{{words}}”。',
  'limit.known': '限制 {{limit}}',
  'limit.unknown': '限制',
  'container.outOfMemory': '{{container}}需要的内存超过了{{limit}}（OOMKilled）：请提高该限制。',
  'container.engineOutOfMemory':
    '引擎需要的内存超过了{{limit}}（OOMKilled）：请提高 fairway.yaml 中的 resources.memory，或降低 serving.contextLength。',
  'container.unhealthy': '{{container}}已启动，但未能通过探针检查：“{{words}}”。',
  'container.ends': '{{container}}启动后自行退出。',
  'container.lost': '{{container}}已退出，但退出的原因未知：其节点或节点上的容器运行时重启过。kubelet 会重新启动它。',
  'container.endsWith': '{{container}}启动后自行退出，{{exit}}。',
  'exit.code': '退出码为 {{exitCode}}',
  'exit.132': '退出码为 132，表示使用了处理器不支持的指令（SIGILL）',
  'exit.134': '退出码为 134，表示程序自行中止（SIGABRT）',
  'exit.135': '退出码为 135，通常表示共享内存不足（SIGBUS）',
  'exit.137': '退出码为 137，表示被外部强制终止（SIGKILL）',
  'exit.139': '退出码为 139，表示原生代码出错（SIGSEGV）',
  'exit.143': '退出码为 143，表示收到终止请求（SIGTERM）',
  'container.initRuns': '{{container}}尚未结束，引擎正在等待它。',
  'container.notReady': '{{container}}正在运行，但尚未就绪：“{{words}}”。',

  'driver.olderThan':
    '节点的驱动程序低于镜像所需的版本（{{needed}}）。请更新驱动程序，或基于 CUDA 版本更低的镜像进行构建。',
  'driver.older': '节点的驱动程序比镜像的 CUDA 旧。请更新驱动程序，或基于 CUDA 版本更低的镜像进行构建。',
  'driver.noCode':
    '镜像中没有适用于此类 GPU 的代码。请基于支持其计算能力的镜像进行构建，或申请其他 resources.gpu.class。',
  'driver.compatibility': '镜像自带的 CUDA 库不被此类 GPU 接受。请基于与节点驱动程序 CUDA 版本一致的镜像进行构建。',
  'driver.updated': '节点的驱动程序在运行期间被更新。请重启节点。',
  'driver.fabric': '节点的 GPU 之间尚未互联。请在该节点上启动与驱动程序版本一致的 NVIDIA Fabric Manager。',
  'driver.runtime': 'NVIDIA 容器运行时无法为其提供 GPU。请检查该节点的驱动程序、容器工具包和设备插件。',
  'driver.closedGpu':
    '它看不到其用户有权打开的 GPU。/dev/kfd 和 /dev/dri 属于节点上的一个组（`ls -ln /dev/kfd`）：请在 workload.patches 中用 securityContext.supplementalGroups 让 Pod 加入该组，并检查该节点的驱动。',
  'driver.noGpu': '检测不到 GPU。请检查节点的驱动程序和容器运行时，以及是否申请了 resources.gpu。',

  'rollout.invalid': '{{kind}} {{name}} 被其控制器拒绝：“{{words}}”。',
  'rollout.unseen': '没有控制器处理过 {{kind}} {{name}}：请检查此类对象的控制器是否在运行。',
  'rollout.kserveRunsNone':
    'KServe 没有运行 LLMInferenceService {{name}}：{{condition}} 为 false（{{reason}}）：{{words}}',
  'rollout.kserveOld':
    'KServe 报告 LLMInferenceService {{name}} 已就绪，但没有报告有多少个 Pod 就绪：其控制器的版本早于 0.20。',
  'rollout.quota': '命名空间的配额不允许创建 Pod：“{{words}}”。其他 Pod 结束或配额提高之后，才会创建。',
  'rollout.quotaTooSmall':
    '命名空间的一个配额永远不允许这样的 Pod，因为它要求的超过了整个配额：“{{words}}”。请在 fairway.yaml 中降低 resources，或请人提高配额。',
  'rollout.quotaMissing':
    '集群只在有相应配额的命名空间中接受此优先级的 Pod：“{{words}}”。请让人创建一个配额，或选择另一个 workload.priorityClass。',
  'rollout.quotaAsks':
    '命名空间的配额只允许声明了相应资源的 Pod，而这些 Pod 没有声明：“{{words}}”。请在命名空间中创建带有默认值的 LimitRange，或用 workload.patches 声明。',
  'rollout.limitRange':
    '命名空间的 LimitRange 不允许这些 Pod：“{{words}}”。请更改 fairway.yaml 中的 resources，或让人更改 LimitRange。',
  'rollout.webhookSilent': '集群的一个 Webhook 没有响应，因此无法创建 Pod：“{{words}}”。',
  'rollout.podSecurity': '命名空间的 Pod 安全性标准不允许这些 Pod：“{{words}}”。',
  'rollout.securityConstraint':
    'OpenShift 的安全上下文约束都不允许这些 Pod：“{{words}}”。请为其账号授予一个允许的约束，或从 workload.patches 中去掉要求更多权限的内容。',
  'rollout.webhookDenies': '准入 Webhook {{webhook}} 拒绝了这些 Pod：“{{words}}”。',
  'rollout.denied': '集群拒绝了这些 Pod：“{{words}}”。',
};
