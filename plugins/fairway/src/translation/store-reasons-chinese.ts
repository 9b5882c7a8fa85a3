import type { storeTexts } from '@fairway/service/reasons/stores';

/** What is wrong with where figures, alerts, logs and usage are stored, in Simplified Chinese. */
export const storeReasonsChinese: Record<keyof typeof storeTexts, string> = {
  'prometheus.noAnswer': '这不是 Prometheus 的应答：“{{words}}”',
  'prometheus.other': '那里有其他程序在应答：请检查 prometheus-url 以及它前面的程序。',

  'alertmanager.check':
    '请检查 alertmanagerUrl（在 action 中为 alertmanager-url）是否是从这里能得到 Alertmanager 应答的地址，以及访问它所需的登录方式。',
  'alertmanager.noJson': '应答不是 JSON（“{{words}}”）',
  'alertmanager.noList': '应答不是告警列表',

  'ruler.check':
    '请检查 ruler-url 是否是 Mimir 在其下像 Prometheus 一样应答的地址、访问它所需的登录方式，以及租户的限制（ruler.max-rules-per-rule-group、ruler.max-rule-groups-per-tenant）。',

  'logStore.check': '请检查日志存储是否在那里应答；fairway platform status 会说明本机的日志存储是否在运行。',
  'logStore.noSearch': '应答不是搜索的结果',

  'ledger.reading': '读取 {{place}} 中的账本',
  'ledger.database': '{{host}} 上的 {{database}}',
  'ledger.off': '那里没有程序在监听：请用 fairway platform up 启动平台，或查看 PostgreSQL 的 Pod。',
  'ledger.silent': '那里没有程序在监听：请查看 PostgreSQL 的 Pod。',
  'ledger.noHost': '没有叫这个名字的机器：请更正 FAIRWAY_LEDGER_URL。',
  'ledger.password': '密码不同：请更正 FAIRWAY_LEDGER_URL。',
  'ledger.starting': 'PostgreSQL 正在启动：请稍后再试。',
  'ledger.none': '此数据库中没有账本：账本在启动时建表，请查看账本的 Pod。',
};
