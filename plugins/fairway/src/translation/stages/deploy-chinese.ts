import type { deployTexts } from '@fairway/service/reasons/stages/deploy';

/** What the stage `deploy` says, in Simplified Chinese. */
export const deployChinese: Record<keyof typeof deployTexts, string> = {
  'deploy.ready': '{{version}} 已就绪，共 {{pods}}。',
  'deploy.readyInPart':
    '{{version}} 已就绪，{{replicas}} 个 Pod 中有 {{pods}}；其余的由发布提供，由 {{serving}} 让出。',
  'deploy.readyFrom': '{{version}} 已就绪，共 {{pods}}，由 {{place}} 应用。',
  'deploy.sleeps': '{{idle}} 秒内无人请求时它会休眠，之后的请求者需要等待启动，启动曾用时 {{seconds}} 秒。',
  'deploy.coldWithin': '从开始拉取镜像到首个词元用时 {{seconds}} 秒，image.maxColdSeconds 允许 {{most}} 秒。',
  'deploy.coldOver':
    '从开始拉取镜像到首个词元用时 {{seconds}} 秒，而 image.maxColdSeconds 只允许 {{most}} 秒。请缩小镜像，以其他形式存储（image.compression），让 Pod 自行获取模型（model.weights），或允许更长时间。',
  'deploy.coldUnknown': '无法得知冷启动是否在 image.maxColdSeconds 的 {{most}} 秒之内：{{why}}。',
  'deploy.coldPresent': '节点上已有该镜像',
  'deploy.coldUnasked': '没有 Pod 通过 API 服务器给出词元（{{words}}）',
  'deploy.noRoom': '未部署任何内容，因为没有空间容纳另一个版本：{{taken}}。',
  'deploy.usersAtOnce': '未部署任何内容，因为另一个版本的 Pod 会立即获得用户：{{taken}}。',

  'deploy.notReady': '{{version}} 未能就绪：{{cause}}',
  'deploy.removed': '新版本已移除。',
  'deploy.left': '该版本之前已就绪，保持原样。',
  'deploy.goesOn': '版本 {{revision}} 继续提供服务。',
  'deploy.first': '在它之前没有版本。',
  'deploy.longer': '如果需要更长时间，请在 fairway.yaml 中用 startup.{{field}} 说明。',

  'rollout.silent': '没有 Pod 就绪，集群也没有报告错误。',
  'rollout.deleted': 'Deployment {{deployment}} 被他人删除。',
  // a cause ends its sentence itself
  'rollout.seen': '{{cause}}',
  'rollout.givenUp': '{{phase}}已达 {{seconds}} 秒，不再等待。',
  'phase.scheduling': '等待节点',
  'phase.pulling': '拉取镜像并准备 Pod',
  'phase.loading': '启动容器',
  'log.first': '其第一个错误：“{{words}}”。',

  'log.gpuShared': '该 GPU 的显存被其他程序占用：GPU 是共享的，或有进程残留在上面。',
  'log.gpuMemory':
    'GPU 的显存太小。请降低 serving.contextLength 或 serving.sequences，或申请更大的 resources.gpu.class 或更多的 GPU。',
  'log.kvCache':
    '权重给 KV 缓存留下的显存太少。请降低 serving.contextLength 或 serving.sequences，或申请更大的 resources.gpu.class 或更多的 GPU。',
  'log.sharedMemory': 'Pod 的共享内存太小。',
  'log.gated': '模型库不允许它读取该仓库：请在其页面上接受条款，并提供已接受条款的账号的令牌（hub-token）。',
  'log.hubUnknown': '模型库中没有这个模型，或不向该账号显示：请检查 model.reference 中的名称和令牌（hub-token）。',
  'log.architecture': '此版本的引擎不认识该模型的架构：请使用更新的版本，或其他引擎。',
  'log.kernel': '引擎的某个内核（kernel）不适合这种 GPU：请换一个引擎版本，或换一种 resources.gpu.class。',
  'log.memory': 'Pod 的主内存太小：请提高 resources.memory。',
  'log.killed': '它的一个进程被信号 9 终止，内核在 Pod 的主内存太小时会这样做：请提高 resources.memory。',
  'log.disk': '它写入的磁盘已满：它加载和编译的内容需要卷中或 Pod 临时存储中的空间。',
  'log.readOnly': '它写入了其用户无权写入的位置：请把 HOME 或引擎用于缓存的变量设为 /tmp 下的一个文件夹。',
  'log.compiler':
    '它在启动时为 GPU 编译代码，而镜像缺少相应的编译器：请在 Dockerfile 中添加（Triton 需要 g++，FlashInfer 需要相同 CUDA 版本的 nvcc 和 ninja），或使用引擎自己的镜像。',
  'log.hubBusy': '模型库目前限制请求数。提供令牌（hub-token）后允许的请求更多。',
  'log.customCode':
    '该模型自带代码。如果您信任它，请给引擎相应的参数，例如 --trust-remote-code；另一种办法是使用本身就认识该架构的引擎。',
  'log.context': 'serving.contextLength 超出了该模型的设计长度：请降低它，或扩展模型的位置编码。',
  'log.heads': '该模型无法分配到这么多 GPU 上：请选择能整除其注意力头数的 resources.gpu.count。',
  'log.gpuCount': '引擎要使用的 GPU 比 Pod 拥有的多：请更正 engine.arguments 中的并行数，或提高 resources.gpu.count。',
  'log.parts': '该模型量化后的某一层无法分配到这么多 GPU 上：请选择更小的 resources.gpu.count。',
  'log.types':
    '这种 GPU 不能计算该模型的数据类型：请申请另一种 resources.gpu.class，或通过引擎参数使用另一种类型，例如 --dtype half。',
  'log.file': '该模型缺少引擎需要的文件：配置、分词器或权重。请重新完整地获取或导出该模型。',
  'log.damaged': '某个权重文件已损坏或不完整：请重新获取，并与模型库上的摘要比较。',
  'log.otherProcessor':
    '该镜像是为与节点不同的处理器构建的：请为该处理器构建，或通过标签 kubernetes.io/arch（workload.nodeSelector）要求另一种节点。',
  'log.port': 'Pod 中的另一个程序占用了该端口：请选择另一个 serving.port，或去掉那个容器。',
  'log.arguments': '此版本的引擎不认识某个参数或该参数的这个值：请更正 engine.arguments。',
  'log.gpuBroken':
    '节点的一个 GPU 已损坏：请封锁（cordon）该节点，在节点上查看 `nvidia-smi -q -d ECC` 和内核日志，并重置或更换该 GPU。',
  'log.gpuTaken':
    '节点的某个 GPU 被另一个程序独占，或已启用 MIG 但没有实例：请在该节点用 `nvidia-smi` 查看其计算模式、进程和 MIG。',
  'log.nccl':
    'Pod 的 GPU 之间无法通过 NCCL 通信。设置 NCCL_DEBUG=INFO 后日志会说明原因；常见原因是共享内存太小、GPU 损坏，或节点之间的网络不通。',
  'log.group': '该组的 Pod 没有及时找到彼此：请检查它们是否都已启动，以及是否有 NetworkPolicy 把它们隔开。',
};
