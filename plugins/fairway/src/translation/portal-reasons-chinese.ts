import type { portalTexts } from '@fairway/service/reasons/portal';

/** What the backend of the portal says of pods and clusters, in Simplified Chinese. */
export const portalReasonsChinese: Record<keyof typeof portalTexts, string> = {
  'pod.ending': '已收到终止请求，正在完成其流式响应。',
  'pod.endedSo': '已被终止：“{{words}}”。',
  'pod.endedSilently': '已被终止：集群未说明原因。',
  'pod.notPlaced': '调度器尚未为其分配节点。',
  'pod.notLookedAt': '调度器尚未处理它。',
  'pod.probed': '容器正在运行，尚未通过探针检查。',
  'pod.made': '正在创建容器。',
  'cluster.silent': '集群 {{cluster}} 已有 {{seconds}} 秒没有响应：请检查其地址以及到该集群的网络。',
};
