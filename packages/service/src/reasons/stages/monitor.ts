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
  'objective.goodput': 'goodput',
  'objective.stream-duration': 'the duration of streams',

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

  // what Prometheus has not, or does not take
  'monitor.noTarget': 'Prometheus knows no target of the version {{revision}}',
  'monitor.down': 'the target {{target}} is {{health}}',
  'monitor.downFor': 'the target {{target}} is {{health}} ({{words}})',
  'monitor.noSample': "the engine's metric {{metric}} has no sample",
  'monitor.rulesUnsaid':
    'prometheus-url does not say which rules it has: name the Prometheus that evaluates them, for monitor',
  'monitor.formerRules': 'Prometheus still has the former rules',
  'monitor.notLoaded': 'Prometheus has not loaded the rule group {{group}}',
  'monitor.otherRules': 'the rule group {{group}} has {{found}} rules instead of {{rules}}',
  'monitor.ruleFails': 'the rule {{rule}} fails: {{words}}',
  'monitor.noGateway': 'Prometheus has no metrics of the gateway for this service',
  'monitor.noGatewayWith':
    'Prometheus has no metrics of the gateway for this service with {{labels}} (monitoring.labels)',
  'monitor.promtool': 'promtool refuses {{what}}: {{words}}',
  'monitor.rules': 'the rules',
  'monitor.scrape': 'the scrape configuration',
  'monitor.tests': "the rules' tests",
  'monitor.selectors': 'Of the Prometheus {{prometheus}}: {{problems}}.',
  'monitor.selectorUnset': '{{field}} is not set, so it takes none',
  'monitor.selectorApart': "no label of Fairway's can satisfy {{field}} {{selector}}",
  'monitor.namespaceUnset': '{{field}} is not set, so it looks in its own namespace alone and not in {{namespace}}',
  'monitor.namespaceOut': '{{field}} {{selector}} leaves the namespace {{namespace}} out',
  'monitor.selectorsUnseen':
    'This login may not list the Prometheus objects of all namespaces (prometheuses.monitoring.coreos.com), so the labels that their selectors ask for are unknown: let it, or let ruleSelector and serviceMonitorSelector take every object.',
  'monitor.severalPrometheus':
    'The cluster has several Prometheus ({{all}}), and none of them says that it is the one at prometheus-url, so no labels of their selectors were taken.',

  'monitor.putBack': 'The former configuration was put back.',
  'monitor.putBackBut': 'The former configuration was put back; {{left}}.',
  'monitor.left': 'not all could be put back: {{words}}',
} as const;
