import type { Part } from '../parts.ts';

/** What lets the network of the cluster keep to NetworkPolicies; the bridge plugin alone accepts them and does nothing. */
export const networkPolicyParts: readonly Part[] = [
  {
    kind: 'go-module',
    name: 'kube-router',
    module: 'github.com/cloudnativelabs/kube-router/v2',
    version: 'v2.1.0',
    sum: 'h1:xWsptKtmZ44L+NjwFKoFAFlVdxCz8fka9A/eYJe95Ok=',
    main: './cmd/kube-router',
    packages: 700,
  },
  { kind: 'debian', name: 'packet-filter', suite: 'machine', packages: ['ipset', 'iptables'] },
];
