import { leftOut } from './left-out.ts';

const image = { reference: 'registry.example.com/models/tiny', pullPolicy: 'IfNotPresent' };
const sent = {
  replicas: 1,
  template: {
    spec: {
      containers: [{ name: 'engine', args: ['a'], volumeMounts: [{ name: 'model', mountPath: '/models' }] }],
      volumes: [
        { name: 'tmp', emptyDir: {} },
        { name: 'model', image },
      ],
      tolerations: [],
      hostNetwork: false,
      initContainers: [
        { name: 'first', env: [{ name: 'LOGDIR', value: '' }], startupProbe: { initialDelaySeconds: 0 } },
      ],
    },
  },
};

test('what a cluster forgets is named by its path', () => {
  // as Kubernetes 1.34 answers where the feature gate ImageVolume is off
  const answered = {
    replicas: 1,
    template: {
      spec: {
        initContainers: sent.template.spec.initContainers,
        containers: [{ name: 'engine', args: ['a'], terminationMessagePath: '/dev/termination-log' }],
        volumes: [{ name: 'tmp', emptyDir: {} }],
        dnsPolicy: 'ClusterFirst',
      },
    },
  };
  expect(leftOut(sent, answered)).toEqual([
    'template.spec.containers[engine].volumeMounts',
    'template.spec.volumes[model]',
  ]);
});

test('what is normalised, moved, filled in or empty is not left out', () => {
  const answered = structuredClone(sent) as Record<string, unknown>;
  const { spec } = answered['template'] as { spec: Record<string, unknown> };
  (spec['volumes'] as object[]).reverse();
  delete spec['hostNetwork'];
  spec['initContainers'] = [{ name: 'first', env: [{ name: 'LOGDIR' }], startupProbe: {} }];
  expect(leftOut(sent, { ...answered, replicas: 2, strategy: {} })).toEqual([]);
});
