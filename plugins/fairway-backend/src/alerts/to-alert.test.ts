import type { GettableAlert } from '@fairway/clients/alertmanager/index';
import { english, type Reason } from '@fairway/service/reasons/reason';
import { toAlert as alertOf } from './to-alert.ts';

const services = new Map([['models', ['hello']]]);
const east = { name: 'east', clusters: ['east'], services };
const toAlert = (from: GettableAlert, runbooks?: string) => alertOf(from, east, runbooks);

const burn: GettableAlert = {
  fingerprint: 'f1',
  startsAt: '2026-01-01T00:00:00.000Z',
  labels: {
    alertname: 'FairwayErrorBudgetBurn',
    service: 'hello',
    namespace: 'models',
    objective: 'availability',
    severity: 'page',
    owner: 'team-hello',
  },
  annotations: { summary: 'Too fast.', description: '20 % of events are bad.', runbook_url: 'docs/runbooks/burn.md' },
  status: { state: 'suppressed', silencedBy: ['s1'], inhibitedBy: [] },
};

test('the labels and annotations that monitor writes', () => {
  expect(toAlert(burn)).toEqual({
    source: 'east',
    cluster: 'east',
    fingerprint: 'f1',
    name: 'FairwayErrorBudgetBurn',
    service: 'hello',
    namespace: 'models',
    owner: 'team-hello',
    severity: 'page',
    objective: 'availability',
    summary: 'Too fast.',
    description: '20 % of events are bad.',
    runbookUrl: 'docs/runbooks/burn.md',
    since: '2026-01-01T00:00:00.000Z',
    state: 'suppressed',
    silencedBy: ['s1'],
  });
});

test('a rule of somebody else, with hardly anything in it', () => {
  const alert = toAlert({ ...burn, labels: { alertname: 'Watchdog' }, annotations: {} });
  expect(alert).toMatchObject({ name: 'Watchdog', severity: 'none', summary: 'Watchdog', service: undefined });
});

test.each([
  ['https://wiki.example/runbook', 'https://wiki.example/runbook'],
  ['javascript:alert(1)', undefined],
  [' JavaScript:alert(1)', undefined],
  ['data:text/html,x', undefined],
  ['https://[', undefined],
  ['https://ann:word@wiki.example/runbook', 'https://wiki.example/runbook'],
])('the runbook %s', (link, shown) => {
  expect(toAlert({ ...burn, annotations: { runbook_url: link } }).runbookUrl).toBe(shown);
});

test("a runbook's path is completed by the address of the runbooks, a whole address is not", () => {
  const base = 'https://git.example/fairway/blob/main/';
  expect(toAlert(burn, base).runbookUrl).toBe(`${base}docs/runbooks/burn.md`);
  const annotations = { runbook_url: 'https://wiki.example/runbook' };
  expect(toAlert({ ...burn, annotations }, base).runbookUrl).toBe('https://wiki.example/runbook');
  // one bad link does not stop the alerts
  expect(toAlert({ ...burn, annotations: { runbook_url: '//[' } }, base).runbookUrl).toBeUndefined();
});

test('of an Alertmanager of several clusters, the label says which one', () => {
  const both = { name: 'east', clusters: ['east', 'west'], services };
  const cluster = (label: string) => alertOf({ ...burn, labels: { ...burn.labels, cluster: label } }, both).cluster;
  expect([cluster('west'), cluster('north'), alertOf(burn, both).cluster]).toEqual(['west', undefined, undefined]);
});

test('clusters that share an Alertmanager differ by the labels of their store, where it has other ones', () => {
  const labels = new Map([
    ['east', { site: 'fra', env: 'prod' }],
    ['west', { site: 'iad', env: 'prod' }],
  ]);
  const of = (more: Readonly<Record<string, string>>, clusters = ['east', 'west']) =>
    alertOf({ ...burn, labels: { ...burn.labels, ...more } }, { name: 'east', clusters, labels, services }).cluster;
  expect(of({ site: 'iad', env: 'prod' })).toBe('west');
  expect(of({ site: 'iad', env: 'staging' })).toBeUndefined();
  expect(of({ cluster: 'east' })).toBeUndefined();
  // a neighbour that the portal does not watch, and a rule that names no cluster
  expect(of({ site: 'iad' }, ['east'])).toBeUndefined();
  expect(of({}, ['east'])).toBe('east');
});

// the sentences of docs/alerts.md
test.each([
  [
    'FairwayErrorBudgetBurn',
    'hello uses up its error budget for time-to-first-token too fast.',
    'hello uses up its error budget for time to first token too fast.',
  ],
  ['FairwayTargetDown', 'No pod of hello answers Prometheus.', 'No pod of hello answers Prometheus.'],
  ['FairwayTargetDown', 'No pod of another answers Prometheus.', undefined],
  ['Watchdog', 'No pod of hello answers Prometheus.', undefined],
])('the summary of %s, "%s", has a code where it is its own', (alertname, summary, said) => {
  const labels = { ...burn.labels, alertname, objective: 'time-to-first-token' };
  const { coded } = toAlert({ ...burn, labels, annotations: { summary } });
  expect(coded && english(coded as Reason)).toBe(said);
});

// as Prometheus fills in the descriptions of docs/runbooks
test.each([
  [
    'FairwaySaturated',
    '37 requests wait for the version 1a2b3c4d; a pod serves 16 at once.',
    { requests: '37', revision: '1a2b3c4d', sequences: '16' },
  ],
  ['FairwayGpuError', 'Xid 79 on GPU 3 of hello-0.', { xid: '79', gpu: '3', pod: 'hello-0' }],
  ['FairwayTargetDown', 'Nobody answers.', undefined],
  ['Watchdog', '37 requests wait for the version 1a2b3c4d; a pod serves 16 at once.', undefined],
])('the figures in the description of %s, "%s"', (alertname, description, parameters) => {
  const labels = { ...burn.labels, alertname };
  const { codedDescription } = toAlert({ ...burn, labels, annotations: { description } });
  expect(codedDescription?.parameters).toEqual(parameters);
});
