import { firstDifference } from './shown.ts';

const desired = {
  metadata: { name: 'a', labels: { team: 'x' } },
  spec: {
    replicas: 2,
    template: { spec: { containers: [{ name: 'engine', env: [], resources: { requests: { cpu: '1000m' } } }] } },
  },
};

test('what the cluster adds and how it writes a quantity are no differences', () => {
  const live = {
    metadata: { name: 'a', uid: '1', labels: { team: 'x', pruned: 'no' } },
    spec: {
      replicas: 2,
      progressDeadlineSeconds: 600,
      template: {
        spec: { containers: [{ name: 'engine', resources: { requests: { cpu: '1' } }, terminationMessagePath: '/x' }] },
      },
    },
    status: {},
  };
  expect(firstDifference(desired, live)).toBeUndefined();
});

test.each([
  ['another value', { spec: { replicas: 3 } }, 'spec.replicas'],
  ['no value', { spec: {} }, 'spec.replicas'],
  ['a switch that is off and not there', { spec: { replicas: 2 } }, 'spec.mount'],
])('%s is named by its path', (_name, live, path) => {
  expect(firstDifference({ spec: { replicas: 2, mount: false } }, live)).toBe(path);
});

test('a list that is longer or in another order differs', () => {
  const ports = { ports: [{ port: 1 }, { port: 2 }] };
  expect(firstDifference(ports, { ports: [{ port: 1 }, { port: 2 }, { port: 3 }] })).toBe('ports');
  expect(firstDifference(ports, { ports: [{ port: 2 }, { port: 1 }] })).toBe('ports[0].port');
});

test('labels that look like quantities are text', () => {
  expect(firstDifference({ labels: { revision: '1000' } }, { labels: { revision: '1k' } })).toBe('labels.revision');
});

test('weights are those of the release, the versions are not', () => {
  const route = (name: string, weight: number) => ({ spec: { rules: [{ backendRefs: [{ name, weight }] }] } });
  expect(firstDifference(route('a', 1), route('a', 100))).toBeUndefined();
  expect(firstDifference(route('a', 1), route('b', 1))).toBe('spec.rules[0].backendRefs[0].name');
});
