import type { queuesEnglish } from './queues-english.ts';

/** 容量页面上的 Kueue 队列。 */
export const queuesChinese: Record<keyof typeof queuesEnglish, string> = {
  'queues.label': '队列',
  'queues.hint': 'Kueue 的 LocalQueue；括号中是使用它的服务。',
  'queues.none': '无：不计其配额',
  'queues.option': '{{cluster}} 上 {{namespace}} 中的 {{name}}',
  'queues.waiting': '{{waiting}} 个在等待',
  'queues.failed': '无法得知有哪些队列，因此不计其配额：{{reason}}',
  'queues.hidden': '门户无法读取 {{cluster}} 的队列，因此不计其配额：“{{message}}”',
  'queues.connecting': '门户尚未读完 {{cluster}} 的所有队列。',
  'queues.absent': '没有集群具有 Kueue 的队列。',
  'queues.empty': '您可见的命名空间中没有队列。',
  'queues.admits': '队列 {{name}} 现在准入所有副本。',
  'queues.says': '队列 {{name}}：{{reason}}',
  'queues.later': '它会在队列中等待',
  'queues.never': '该队列永远不会准入所有副本',
  'queues.unknown': '单个副本放得进其 GPU，但无法得知队列是否准入所有副本',
};
