import { fileURLToPath } from 'node:url';
import type { Part } from './parts.ts';

const source = (name: string) => fileURLToPath(new URL(`../parts/${name}/`, import.meta.url)).replace(/\/$/, '');
const kubernetesVersion = 'v1.34.4';
const versionPackage = 'k8s.io/component-base/version';

/** What the machine side needs; the serving side has its own list. */
export const machineParts: readonly Part[] = [
  { kind: 'go', name: 'sandbox', source: source('sandbox') },
  { kind: 'go', name: 'pause', source: source('pause') },
  {
    kind: 'go',
    name: 'kubernetes',
    source: source('kubernetes'),
    links: ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy', 'kubectl'],
    ldflags: [
      `-X ${versionPackage}.gitVersion=${kubernetesVersion}`,
      `-X ${versionPackage}.gitMajor=1`,
      `-X ${versionPackage}.gitMinor=34`,
      `-X ${versionPackage}.gitTreeState=clean`,
      `-X k8s.io/client-go/pkg/version.gitVersion=${kubernetesVersion}`,
    ].join(' '),
    packages: 2700,
  },
  {
    kind: 'debian',
    name: 'containers',
    suite: 'machine',
    packages: [
      'docker.io',
      'containerd',
      'runc',
      'containernetworking-plugins',
      'docker-registry',
      'iptables',
      'nftables',
      'conntrack',
    ],
  },
  {
    kind: 'debian',
    name: 'monitoring',
    suite: 'trixie',
    packages: ['prometheus', 'promtool', 'prometheus-alertmanager'],
  },
];
