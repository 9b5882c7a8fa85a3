/** What is wrong with where figures, alerts, logs and usage are stored, and what to do. */
export const storeTexts = {
  'prometheus.noAnswer': 'this is no answer of Prometheus: {{words}}',
  'prometheus.other': 'Something else answers there: check prometheus-url, and what stands before it.',

  'alertmanager.check':
    'Check that alertmanagerUrl (in an action: alertmanager-url) is where Alertmanager answers from here, and what lets this side in.',
  'alertmanager.noJson': 'the answer is no JSON ({{words}})',
  'alertmanager.noList': 'the answer is no list of alerts',

  'ruler.check':
    'Check that ruler-url is the address below which Mimir answers as Prometheus, what lets this side in, and the limits of the tenant (ruler.max-rules-per-rule-group, ruler.max-rule-groups-per-tenant).',

  'logStore.check':
    'Check that the log store answers there; fairway platform status says whether the one of this machine runs.',
  'logStore.noSearch': 'the answer is not one of a search',

  'ledger.reading': 'reading the ledger in {{place}}',
  'ledger.database': '{{database}} at {{host}}',
  'ledger.off': 'Nothing listens there: start the platform with fairway platform up, or look at the pod of PostgreSQL.',
  'ledger.silent': 'Nothing listens there: look at the pod of PostgreSQL.',
  'ledger.noHost': 'No machine has this name: correct FAIRWAY_LEDGER_URL.',
  'ledger.password': 'The password differs: correct FAIRWAY_LEDGER_URL.',
  'ledger.starting': 'PostgreSQL is starting: try again in a moment.',
  'ledger.none': 'This database has no ledger: the ledger makes its tables when it starts, so look at its pods.',
} as const;
