import { objectivesChinese } from '@fairway/service/reasons/alerts-chinese';
import type { monitorTexts } from '@fairway/service/reasons/stages/monitor';

/** What the stage `monitor` says, in Simplified Chinese. */
export const monitorChinese: Record<keyof typeof monitorTexts, string> = {
  'monitor.loaded': 'Prometheus 已加载 {{rules}} 条规则，并抓取 {{pods}}',
  'monitor.passed': '{{loaded}}；promtool 对这些规则的测试全部通过。',
  'monitor.unwatched': '以下目标没有被监视：{{objectives}}；按照策略（gateway.own）：“{{gateway}}”。',
  'monitor.unjudged': '{{loaded}}，但无法判断可用性：{{missing}}。请让 Prometheus 抓取网关的代理。',
  ...objectivesChinese,

  'monitor.nobody':
    '集群中没有运行 Prometheus Operator，也没有给出 {{input}}，因此没有任何程序监视目标。请指定负责监视的 Prometheus，或一个 ruler。',
  'monitor.rulerUnseen': '规则已存入 ruler，但没有 prometheus-url，因此无法确认它在评估这些规则。',
  'monitor.objectsUnseen':
    'PrometheusRule 和 ServiceMonitor 已应用，但没有 prometheus-url，因此无法确认有 Prometheus 采用它们。',
  'monitor.storedUnused': 'Prometheus 没有使用已存入的内容：{{missing}}。',
  'monitor.appliedUnused': 'Prometheus 没有使用已应用的对象：{{missing}}。',
  'monitor.scraped':
    '集群中是否有程序抓取这些 Pod，并将抓取的内容发送到该存储，且带有 job 标签 fairway/<namespace>/<name> 和 monitoring.labels？',
  'monitor.selected': '它的 serviceMonitorSelector 和 ruleSelector 是否匹配命名空间 {{namespace}}？',

  'monitor.noTarget': 'Prometheus 没有版本 {{revision}} 的抓取目标',
  'monitor.down': '抓取目标 {{target}} 的状态为 {{health}}',
  'monitor.downFor': '抓取目标 {{target}} 的状态为 {{health}}（“{{words}}”）',
  'monitor.noSample': '引擎的指标 {{metric}} 没有样本',
  'monitor.rulesUnsaid': 'prometheus-url 没有说明它有哪些规则：请为 monitor 指定评估这些规则的 Prometheus',
  'monitor.formerRules': 'Prometheus 仍使用原来的规则',
  'monitor.notLoaded': 'Prometheus 没有加载规则组 {{group}}',
  'monitor.otherRules': '规则组 {{group}} 有 {{found}} 条规则，而应有 {{rules}} 条',
  'monitor.ruleFails': '规则 {{rule}} 失败：“{{words}}”',
  'monitor.noGateway': 'Prometheus 没有该服务的网关指标',
  'monitor.noGatewayWith': 'Prometheus 没有该服务带 {{labels}}（monitoring.labels）的网关指标',
  'monitor.promtool': 'promtool 拒绝{{what}}：“{{words}}”',
  'monitor.rules': '规则',
  'monitor.scrape': '抓取配置',
  'monitor.tests': '规则的测试',
  'monitor.selectors': 'Prometheus {{prometheus}}：{{problems}}。',
  'monitor.selectorUnset': '没有设置 {{field}}，因此它不采用任何对象',
  'monitor.selectorApart': 'Fairway 的任何标签都不能满足 {{field}} {{selector}}',
  'monitor.namespaceUnset': '没有设置 {{field}}，因此它只查看自己的命名空间，而不查看 {{namespace}}',
  'monitor.namespaceOut': '{{field}} {{selector}} 不包括命名空间 {{namespace}}',
  'monitor.selectorsUnseen':
    '此登录账号无权列出所有命名空间的 Prometheus 对象（prometheuses.monitoring.coreos.com），因此无法得知其选择器要求的标签：请授予该权限，或让 ruleSelector 和 serviceMonitorSelector 采用所有对象。',
  'monitor.severalPrometheus':
    '集群中有多个 Prometheus（{{all}}），其中没有一个说明自己就是 prometheus-url 处的那个，因此没有采用其选择器的标签。',

  'monitor.putBack': '已恢复原来的配置。',
  'monitor.putBackBut': '已恢复原来的配置；{{left}}。',
  'monitor.left': '未能全部恢复：“{{words}}”',
};
