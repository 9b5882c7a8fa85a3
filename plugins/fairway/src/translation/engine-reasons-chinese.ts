import type { engineTexts } from '@fairway/service/reasons/engines';

/** What an engine does not do, in Simplified Chinese. Words of other programs stand in quotes, as they were said. */
export const engineReasonsChinese: Record<keyof typeof engineTexts, string> = {
  'engine.noHub':
    '`model.weights.from` 为 hub，而 {{engine}} 不能从那里加载指定的提交（{{others}} 可以）。请将模型放在卷上，并将 model.weights 设为 { from: volume, claim: <其 PersistentVolumeClaim> }。',
  'engine.noAdapters':
    '`model.adapters` 以各自的名称提供服务，而 {{engine}} 做不到（{{others}} 可以）：请求无法通过 `model` 指定它们。请使用这些引擎之一，或将适配器合并到模型中再提供服务。',
  'engine.rank':
    '`rank` 为 {{rank}}，而 vllm 最多接受 {{most}}（--max-lora-rank）。请使用秩更低的适配器，或将其合并到模型中再提供服务。',
  'engine.adapterName':
    '`name` 为 {{name}}，而 sglang 按请求所指定模型中第一个冒号之后的内容查找适配器。请写作 {{model}}:名称，并使 model.name 不含冒号。',
  'engine.nodes':
    '`workload.nodes` 为 {{nodes}}，而 Fairway 只知道 vllm 如何用多个节点服务一个模型，不知道 {{engine}} 如何做到。请删除 workload.nodes 和 workload.kind，或使用 vllm。',
  'engine.copies':
    '`engine.arguments[{{index}}]` 会创建模型的多个副本（数据并行），而多个节点需要以其他方式为此找到彼此。请将其删除，并将 resources.replicas 设为副本数。',
  'engine.file': '`engine.arguments[{{index}}]` 指定了 {{path}}，它必须是 YAML 中参数到值的映射。请更正该文件。',
  'argument.own':
    '{{argument}}，而 Fairway 自己会根据此文件的其他字段（model、serving、resources）给出它。请在这里删除它，并在那里设置。',
  'argument.elsewhere':
    '{{argument}}，这样 {{engine}} 就不再在其端口上以明文 HTTP 应答所有请求，而其 Pod 的探针和网关正是在那里访问它：请将其删除。网关终止 TLS 并放行客户端，`mesh` 加密通往 Pod 的路径。',
  'argument.gives': '`engine.arguments[{{index}}]` 给出了 {{problem}}',
  'argument.underscores': '{{argument}}，而 {{engine}} 在那里不接受下划线。请写 {{right}}。',
  'argument.equals': '{{argument}}，而 {{engine}} 不接受“=”后面的值。请将值写成单独的参数。',
  'argument.ambiguous': '{{argument}}，它可能代表 {{meant}}，因此 {{engine}} 无法启动。请写出完整的名称。',
  'argument.switch': '{{argument}}，而 {{engine}} 在那里不接受值。请写 {{right}}，或将其去掉。',
  'argument.noValue': '没有值的 {{argument}}。请在其后写上值。',
  'argument.badValue': '{{argument}} 的值“{{value}}”，而 {{engine}} 在那里接受{{wanted}}。请更正。',
  'argument.size': '整数或 32k 这样的大小',
  'engine.notScaled':
    '`scaling` 依据引擎的指标，而 {{engine}} 不说明有多少请求在等待和运行。请将其删除并设置 `resources.replicas`，或使用会说明的引擎。',
};
