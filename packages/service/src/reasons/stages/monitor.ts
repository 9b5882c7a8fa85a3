/** What the stage `monitor` says. */
export const monitorTexts = {
  'monitor.loaded': 'Prometheus has loaded {{rules}} rules and scrapes {{pods}}',
  'monitor.passed': "{{loaded}}; promtool's tests of them pass.",
  'monitor.unwatched': 'These objectives are not watched: {{objectives}}; by policy (gateway.own): {{gateway}}.',
  'monitor.unjudged':
    "{{loaded}}, but availability cannot be judged: {{missing}}. Let Prometheus scrape the gateway's proxies.",

  'objective.availability': 'availability',
  'objective.time-to-first-token': 'time to first token',
  'objective.inter-token-latency': 'inter token latency',

  'monitor.nobody':
    'The cluster runs no Prometheus operator and {{input}} is not given, so nothing watches the objectives. Name the Prometheus that shall, or a ruler.',
  'monitor.rulerUnseen':
    'The rules were stored in the ruler, but without prometheus-url nobody has seen it evaluate them.',
  'monitor.objectsUnseen':
    'PrometheusRule and ServiceMonitor were applied, but without prometheus-url nobody has seen a Prometheus take them.',
  'monitor.storedUnused': 'Prometheus does not use what was stored: {{missing}}.',
  'monitor.appliedUnused': 'Prometheus does not use the applied objects: {{missing}}.',
  'monitor.scraped':
    'Does something in the cluster scrape the pods and send what it scrapes to that store, with the job fairway/<namespace>/<name> and monitoring.labels?',
  'monitor.selected': 'Do its serviceMonitorSelector and ruleSelector match the namespace {{namespace}}?',
  'monitor.putBack': 'The former configuration was put back.',
  'monitor.putBackBut': 'The former configuration was put back; {{left}}.',
  'monitor.left': 'not all could be put back: {{words}}',
} as const;
