import { ConfigReader } from '@backstage/config';
import { ignoredAlerts } from './ignored-alerts.ts';

const rules = (...entries: string[][]) =>
  ignoredAlerts(new ConfigReader({ fairway: { alerts: { ignore: entries.map(matchers => ({ matchers })) } } }));

test.each<[string, string[][], Record<string, string>, boolean]>([
  ['no rule', [], { alertname: 'Watchdog' }, false],
  ['the same value', [['alertname="Watchdog"']], { alertname: 'Watchdog' }, true],
  ['without quotation marks', [[' alertname = Watchdog ']], { alertname: 'Watchdog' }, true],
  ['a part of it', [['alertname="Watch"']], { alertname: 'Watchdog' }, false],
  ['an expression', [['namespace=~"kube-.*|monitoring"']], { namespace: 'kube-system' }, true],
  ['an expression is of the whole value', [['namespace=~"kube"']], { namespace: 'kube-system' }, false],
  ['an expression that must not match', [['severity!~"page|critical"']], { severity: 'page' }, false],
  ['another value', [['severity!="page"']], { severity: 'info' }, true],
  ['a label that is absent is empty', [['owner=""']], {}, true],
  ['all of an entry', [['severity="info"', 'namespace="a"']], { severity: 'info', namespace: 'b' }, false],
  ['one of the entries', [['severity="page"'], ['namespace="b"']], { severity: 'info', namespace: 'b' }, true],
  ['a quotation mark in the value', [['a="say \\"no\\""']], { a: 'say "no"' }, true],
])('%s', (_name, entries, labels, left) => {
  expect(rules(...entries)(labels)).toBe(left);
});

test.each([
  [['Watchdog'], /ignore\[0\]\.matchers of the app-config has "Watchdog", which is no matcher/],
  [['namespace=~"("'], /ignore\[0\]\.matchers of the app-config: Invalid regular expression/],
  [[], /has no matchers, which would leave out every alert/],
])('%j is said when the portal starts', (matchers, message) => {
  expect(() => rules(matchers)).toThrow(message);
});
