import type { monitorTexts } from '@fairway/service/reasons/stages/monitor';

/** What the stage `monitor` says, in Simplified Chinese. */
export const monitorChinese: Record<keyof typeof monitorTexts, string> = {
  'monitor.loaded': 'Prometheus 已加载 {{rules}} 条规则，并抓取 {{pods}}',
  'monitor.passed': '{{loaded}}；promtool 对这些规则的测试全部通过。',
  'monitor.unwatched': '以下目标没有被监视：{{objectives}}；按照策略（gateway.own）：“{{gateway}}”。',
  'monitor.unjudged': '{{loaded}}，但无法判断可用性：“{{missing}}”。请让 Prometheus 抓取网关的代理。',
  'objective.availability': '可用性',
  'objective.time-to-first-token': '首词元时间',
  'objective.inter-token-latency': '词元间延迟',

  'monitor.nobody':
    '集群中没有运行 Prometheus Operator，也没有给出 {{input}}，因此没有任何程序监视目标。请指定负责监视的 Prometheus，或一个 ruler。',
  'monitor.rulerUnseen': '规则已存入 ruler，但没有 prometheus-url，因此无法确认它在评估这些规则。',
  'monitor.objectsUnseen':
    'PrometheusRule 和 ServiceMonitor 已应用，但没有 prometheus-url，因此无法确认有 Prometheus 采用它们。',
  'monitor.storedUnused': 'Prometheus 没有使用已存入的内容：“{{missing}}”。',
  'monitor.appliedUnused': 'Prometheus 没有使用已应用的对象：“{{missing}}”。',
  'monitor.scraped':
    '集群中是否有程序抓取这些 Pod，并将抓取的内容发送到该存储，且带有 job 标签 fairway/<namespace>/<name> 和 monitoring.labels？',
  'monitor.selected': '它的 serviceMonitorSelector 和 ruleSelector 是否匹配命名空间 {{namespace}}？',
  'monitor.putBack': '已恢复原来的配置。',
  'monitor.putBackBut': '已恢复原来的配置；{{left}}。',
  'monitor.left': '未能全部恢复：“{{words}}”',
};
