import { portalConfiguration } from './configuration.ts';

const settings = {
  folder: '/state/portal',
  url: 'http://127.0.0.1:17406',
  port: 17406,
  tokenFile: '/state/portal/token',
  servicesFolder: '/home/me/services',
  comparisons: ['/fairway/docs/comparisons/one.json'],
  platform: {
    kubernetes: { kubeconfig: '/state/kubeconfig', context: 'fairway' },
    prometheus: { url: 'http://127.0.0.1:17404', directory: '/state/monitoring', promtool: '/parts/promtool' },
    alertmanager: { url: 'http://127.0.0.1:17405' },
  },
};

test('the guest comes in at the loopback only', () => {
  const { auth, backend } = portalConfiguration(settings);
  expect(auth.providers).toHaveProperty('guest');
  expect(backend.listen).toEqual({ host: '127.0.0.1', port: 17406 });
});

test('the records of comparisons are included', () => {
  expect(portalConfiguration(settings).fairway.comparisons).toEqual([
    { $include: '/fairway/docs/comparisons/one.json' },
  ]);
});

test('the token is named by its file and allows to send deliveries, nothing else', () => {
  const { backend, fairway } = portalConfiguration(settings);
  expect(fairway.senders).toEqual([{ subject: 'fairway-command-line', owners: ['*'] }]);
  expect(backend.auth.externalAccess).toEqual([
    {
      type: 'static',
      options: { token: { $file: '/state/portal/token' }, subject: 'fairway-command-line' },
      accessRestrictions: [{ plugin: 'fairway', permission: 'fairway.delivery.ingest' }],
    },
  ]);
});

test('it watches the cluster of the platform, and none when no platform is up', () => {
  expect(portalConfiguration(settings).fairway.clusters).toEqual([
    {
      name: 'local',
      kubeconfig: '/state/kubeconfig',
      context: 'fairway',
      prometheusUrl: 'http://127.0.0.1:17404',
      alertmanagerUrl: 'http://127.0.0.1:17405',
      actions: true,
    },
  ]);
  const ledgerUrl = 'postgres://ledger:secret@localhost/ledger?host=%2Fstate%2Fledger';
  expect(portalConfiguration({ ...settings, ledgerUrl }).fairway.clusters[0]).toMatchObject({ ledgerUrl });
  expect(portalConfiguration({ ...settings, platform: undefined }).fairway.clusters).toEqual([]);
});
