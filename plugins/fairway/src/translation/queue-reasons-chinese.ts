import type { queueTexts } from '@fairway/service/reasons/queues';

/** What a queue of Kueue says of pods, in Simplified Chinese. */
export const queueReasonsChinese: Record<keyof typeof queueTexts, string> = {
  'queue.absent': '命名空间 {{namespace}} 没有 LocalQueue {{name}}（workload.queue），因此它们永远不会被准入',
  'queue.leadsNowhere': 'LocalQueue {{name}} 的 ClusterQueue {{queue}} 不在集群中',
  'queue.otherNamespaces': 'ClusterQueue {{queue}} 不接受命名空间 {{namespace}} 的 Pod（namespaceSelector）',
  'queue.stopped': '{{kind}} {{name}} 目前不准入任何工作负载：“{{words}}”',
  'queue.never': 'ClusterQueue {{queue}} 的 {{resources}} 配额最多够 {{most}} 个',
  'queue.neverFrom': '{{never}}（不含 {{flavors}}，其节点属于其他类型）',
  'queue.waits': 'ClusterQueue {{queue}} 的 {{resources}} 配额目前还够 {{left}} 个',
  'queue.waitsBehind': '{{waits}}，且已有 {{before}} 个工作负载在等待',
  'queue.uncovered':
    'ClusterQueue {{queue}} 没有 {{resources}} 的配额。只有当 Kueue 的配置不计这些资源时，它才会准入这些 Pod。',
  'queue.wrongFlavor':
    'ClusterQueue {{queue}} 可能给这些 Pod 分配其节点没有 {{gpu}} 的 flavor（{{flavors}}）：它们会在那里一直等待。请同时用 workload.nodeSelector 选择节点，写上拥有该 GPU 的 flavor 的标签。',
  'queue.namespaceUnseen':
    '无法得知 ClusterQueue {{queue}} 是否接受命名空间 {{namespace}} 的 Pod：其 namespaceSelector 要求命名空间的标签，而登录账号无权读取这些标签。',
  'queue.noKueue': '集群 {{cluster}} 不提供 LocalQueue：那里没有队列准入 Pod。',
  'queue.hidden':
    '门户无法读取 {{cluster}} 的队列（“{{words}}”），因此无法得知 {{name}} 是否准入这些 Pod。需要对 localqueues、clusterqueues、cohorts 和 resourceflavors 的 list 和 watch 权限，见 kubernetes/cluster-role.yaml。',
  'queue.connecting': '门户尚未读完 {{cluster}} 的所有队列，因此无法得知 {{name}} 是否准入这些 Pod。',
};
