import type { podsEnglish } from './pods-english.ts';

/** Texts of the pods of a version, in Simplified Chinese. */
export const podsChinese: Record<keyof typeof podsEnglish, string> = {
  'pods.byState': '{{revision}} 的 Pod（按状态）',
  'pods.table': '以表格显示 Pod',
  'pods.hint': '指向某个格子，或用 Tab 键和方向键移到该处，即可查看其 Pod 的情况。',
  'pods.ready': '{{amount}} 个就绪',
  'pods.starting': '{{amount}} 个正在启动',
  'pods.failing': '{{amount}} 个出现故障',
  'pods.ending': '{{amount}} 个正在结束',
  'pods.state.ready': '就绪',
  'pods.state.starting': '正在启动',
  'pods.state.failing': '出现故障',
  'pods.state.ending': '正在结束',
  'pods.otherReasons': '其他原因，见各个 Pod。',
  'pods.onNode': '节点 {{node}}',
  'pods.restarts': '重启 {{restarts}} 次',
  'pods.started': '启动于 {{when}}',
};
