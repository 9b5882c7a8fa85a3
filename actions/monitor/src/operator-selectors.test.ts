import { english } from '@fairway/service/reasons/delivery-reason';
import { answeringPrometheus, labelsFor, type PrometheusObject } from './operator-selectors.ts';

const service = { name: 'chat', namespace: 'llm' };

function prometheus(name: string, spec: PrometheusObject['spec']): PrometheusObject {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'Prometheus',
    metadata: { name, namespace: 'monitoring' },
    spec: { ruleNamespaceSelector: {}, serviceMonitorNamespaceSelector: {}, ...spec },
  };
}

// what `helm install kps prometheus-community/kube-prometheus-stack` makes with its default values
const stack = prometheus('kps-kube-prometheus-stack-prometheus', {
  ruleSelector: { matchLabels: { release: 'kps' } },
  serviceMonitorSelector: { matchLabels: { release: 'kps' } },
});

test('kube-prometheus-stack wants the name of its release', () => {
  expect(labelsFor(stack, service, {})).toEqual({ rules: { release: 'kps' }, scrapes: { release: 'kps' } });
});

test('rules and scrape configuration may want different labels', () => {
  const one = prometheus('p', {
    ruleSelector: { matchLabels: { role: 'alert-rules', prometheus: 'k8s' } },
    serviceMonitorSelector: {},
  });
  expect(labelsFor(one, service, {})).toEqual({ rules: { role: 'alert-rules', prometheus: 'k8s' }, scrapes: {} });
});

test.each<[string, object[], object | undefined]>([
  ['one value', [{ key: 'team', operator: 'In', values: ['ml'] }], { team: 'ml' }],
  [
    'the value that two lists share',
    [
      { key: 'team', operator: 'In', values: ['web', 'ml'] },
      { key: 'team', operator: 'In', values: ['ml'] },
    ],
    { team: 'ml' },
  ],
  [
    'no value that two lists share',
    [
      { key: 'team', operator: 'In', values: ['web'] },
      { key: 'team', operator: 'In', values: ['ml'] },
    ],
    undefined,
  ],
  [
    'a key that must exist, with a value of the list',
    [
      { key: 'team', operator: 'Exists' },
      { key: 'team', operator: 'In', values: ['ml'] },
    ],
    { team: 'ml' },
  ],
  ['a key that must exist', [{ key: 'scraped', operator: 'Exists' }], { scraped: expect.stringMatching(/./) }],
  ['a key that is there', [{ key: 'app.kubernetes.io/name', operator: 'Exists' }], {}],
  ['keys that are not there', [{ key: 'internal', operator: 'DoesNotExist' }], {}],
  ['another value', [{ key: 'team', operator: 'NotIn', values: ['web'] }], {}],
  ['a key that Fairway writes', [{ key: 'app.kubernetes.io/managed-by', operator: 'DoesNotExist' }], undefined],
  ['another value of it', [{ key: 'app.kubernetes.io/managed-by', operator: 'In', values: ['Helm'] }], undefined],
])('%s', (_name, matchExpressions, labels) => {
  const selector = { matchExpressions } as NonNullable<PrometheusObject['spec']>['ruleSelector'];
  const found = labelsFor(prometheus('p', { ruleSelector: selector, serviceMonitorSelector: {} }), service, {});
  expect(found.rules).toEqual(labels ?? {});
  if (labels) expect(found.problem).toBeUndefined();
  else
    expect(found.problem && english(found.problem)).toMatch(
      /^Of the Prometheus monitoring\/p: no label of Fairway's can satisfy ruleSelector/,
    );
});

test.each<[string, PrometheusObject['spec'], RegExp]>([
  ['no selector takes nothing', { ruleSelector: {} }, /: serviceMonitorSelector is not set, so it takes none\.$/],
  [
    'no selector of namespaces is its own alone',
    { ruleSelector: {}, serviceMonitorSelector: {}, ruleNamespaceSelector: undefined },
    /ruleNamespaceSelector is not set, so it looks in its own namespace alone and not in llm/,
  ],
  [
    'a namespace without the label',
    { ruleSelector: {}, serviceMonitorSelector: {}, ruleNamespaceSelector: { matchLabels: { monitored: 'yes' } } },
    /ruleNamespaceSelector \{"matchLabels":\{"monitored":"yes"\}\} leaves the namespace llm out/,
  ],
])('%s', (_name, spec, problem) => {
  const said = labelsFor(prometheus('p', spec), service, { team: 'ml' }).problem;
  expect(said && english(said)).toMatch(problem);
});

test('labels of a namespace that may not be read are no problem', () => {
  const selector = { matchLabels: { monitored: 'yes' } };
  const one = prometheus('p', { ruleSelector: {}, serviceMonitorSelector: {}, ruleNamespaceSelector: selector });
  expect(labelsFor(one, service, undefined)).toEqual({ rules: {}, scrapes: {} });
});

test('of several the one that answers is known by the label that the operator gives it', () => {
  const renamed = prometheus('eu', { prometheusExternalLabelName: 'instance_of' });
  const all = [stack, renamed];
  expect(answeringPrometheus(all, { prometheus: 'monitoring/kps-kube-prometheus-stack-prometheus' })).toBe(stack);
  expect(answeringPrometheus(all, { instance_of: 'monitoring/eu' })).toBe(renamed);
  expect(answeringPrometheus(all, { prometheus: 'elsewhere/p' })).toBeUndefined();
  expect(answeringPrometheus(all, undefined)).toBeUndefined();
  expect(answeringPrometheus([stack], undefined)).toBe(stack);
});
