import { join } from 'node:path';
import { sandboxName } from '../sandbox.ts';
import type { SandboxConfig, SandboxProcess } from '../sandbox.ts';
import { alertmanager, prometheusProcess } from './monitoring.ts';
import { certificatesFolder, clusterNetwork, contextName, libraryTriplet } from './layout.ts';
import type { ClusterLayout } from './layout.ts';

const apiPort = 6443;
const etcd = 'http://127.0.0.1:2379';
const readyUrl = `https://127.0.0.1:${apiPort}/readyz`;

/** Settings that the kubelet insists on. They belong to the whole machine, so only the sandbox sees them set. */
const kernelSettings = {
  '/proc/sys/vm/overcommit_memory': '1\n',
  '/proc/sys/vm/panic_on_oom': '0\n',
  '/proc/sys/kernel/panic': '10\n',
  '/proc/sys/kernel/panic_on_oops': '1\n',
  '/proc/sys/kernel/keys/root_maxkeys': '1000000\n',
  '/proc/sys/kernel/keys/root_maxbytes': '25000000\n',
};

/** There is no name service outside the cluster's own: without these, every look-up of the node's name would wait for one. */
const names = {
  '/etc/hosts': `127.0.0.1 localhost\n${clusterNetwork.address} ${clusterNetwork.node}\n`,
  '/etc/resolv.conf': '',
};

/** One node of Kubernetes with Prometheus beside it, in a network of its own. */
export function clusterSandbox(layout: ClusterLayout): SandboxConfig {
  const { folder, ports } = layout;
  const { address } = clusterNetwork;
  return {
    name: sandboxName('cluster', folder),
    state: folder,
    network: {
      hostname: clusterNetwork.node,
      bridge: clusterNetwork.bridge,
      address: `${address}/${clusterNetwork.prefix}`,
    },
    hide: { '/var': join(folder, 'var'), '/run': join(folder, 'run') },
    // Debian's Prometheus looks for its pages there and nowhere else
    merge: { '/usr/share': join(layout.parts.monitoring, 'usr/share') },
    keep: layout.keep,
    files: { ...kernelSettings, ...names },
    certificates: {
      folder: certificatesFolder(layout),
      node: clusterNetwork.node,
      address,
      addresses: [address, '127.0.0.1', clusterNetwork.firstService],
      server: `https://${address}:${apiPort}`,
      serverOutside: `https://127.0.0.1:${ports.kubernetes}`,
      context: contextName,
    },
    processes: [...controlPlane(layout), ...node(layout), prometheusProcess(layout)],
    forwards: [
      { inbound: true, listen: `127.0.0.1:${ports.kubernetes}`, dial: `127.0.0.1:${apiPort}` },
      { inbound: true, listen: `127.0.0.1:${ports.gateway}`, dial: `${address}:${clusterNetwork.gatewayNodePort}` },
      {
        inbound: true,
        listen: `127.0.0.1:${ports.istioGateway}`,
        dial: `${address}:${clusterNetwork.istioGatewayNodePort}`,
      },
      { inbound: true, listen: `127.0.0.1:${ports.logs}`, dial: `${address}:${clusterNetwork.logsNodePort}` },
      { inbound: true, listen: `127.0.0.1:${ports.prometheus}`, dial: '127.0.0.1:9090' },
      { inbound: false, listen: `127.0.0.1:${ports.registry}`, dial: `127.0.0.1:${ports.registry}` },
      { inbound: false, listen: alertmanager, dial: `127.0.0.1:${ports.alertmanager}` },
      { inbound: false, listen: `${address}:${ports.issuer}`, dial: `127.0.0.1:${ports.issuer}` },
    ],
  };
}

function flags(values: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}

function controlPlane(layout: ClusterLayout): SandboxProcess[] {
  const { folder, parts } = layout;
  const pki = certificatesFolder(layout);
  const program = (name: string) => join(parts.kubernetes, name);
  const kubeconfigs = (name: string) => {
    const path = `${pki}/${name}.kubeconfig`;
    return { kubeconfig: path, 'authentication-kubeconfig': path, 'authorization-kubeconfig': path };
  };
  return [
    {
      name: 'etcd',
      command: [
        program('etcd'),
        ...flags({
          'data-dir': `${folder}/etcd`,
          'listen-client-urls': etcd,
          'advertise-client-urls': etcd,
          'listen-peer-urls': 'http://127.0.0.1:2380',
          'initial-advertise-peer-urls': 'http://127.0.0.1:2380',
          'initial-cluster': 'default=http://127.0.0.1:2380',
          // this state ends with the platform: a crash of the machine may take it
          'unsafe-no-fsync': true,
          'log-level': 'warn',
        }),
      ],
    },
    {
      name: 'kube-apiserver',
      command: [
        program('kube-apiserver'),
        ...flags({
          'etcd-servers': etcd,
          'service-cluster-ip-range': clusterNetwork.services,
          'authorization-mode': 'Node,RBAC',
          'enable-admission-plugins': 'NodeRestriction',
          'allow-privileged': true,
          'advertise-address': clusterNetwork.address,
          'bind-address': '0.0.0.0',
          'secure-port': apiPort,
          'authentication-config': `${folder}/authentication.yaml`,
          'client-ca-file': `${pki}/ca.crt`,
          'tls-cert-file': `${pki}/apiserver.crt`,
          'tls-private-key-file': `${pki}/apiserver.key`,
          'kubelet-client-certificate': `${pki}/apiserver-kubelet.crt`,
          'kubelet-client-key': `${pki}/apiserver-kubelet.key`,
          'kubelet-certificate-authority': `${pki}/ca.crt`,
          'kubelet-preferred-address-types': 'InternalIP',
          'service-account-issuer': `https://kubernetes.default.svc.${clusterNetwork.domain}`,
          'service-account-key-file': `${pki}/service-account.pub`,
          'service-account-signing-key-file': `${pki}/service-account.key`,
          'requestheader-client-ca-file': `${pki}/front-proxy-ca.crt`,
          'requestheader-allowed-names': 'front-proxy-client',
          'requestheader-username-headers': 'X-Remote-User',
          'requestheader-group-headers': 'X-Remote-Group',
          'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
          'proxy-client-cert-file': `${pki}/front-proxy.crt`,
          'proxy-client-key-file': `${pki}/front-proxy.key`,
        }),
      ],
    },
    {
      name: 'kube-controller-manager',
      // it does not ask again for the roles that the API server makes while it starts
      after: readyUrl,
      command: [
        program('kube-controller-manager'),
        ...flags({
          ...kubeconfigs('controller-manager'),
          'service-account-private-key-file': `${pki}/service-account.key`,
          'root-ca-file': `${pki}/ca.crt`,
          'cluster-signing-cert-file': `${pki}/ca.crt`,
          'cluster-signing-key-file': `${pki}/ca.key`,
          'use-service-account-credentials': true,
          'allocate-node-cidrs': true,
          'cluster-cidr': clusterNetwork.pods,
          'service-cluster-ip-range': clusterNetwork.services,
          'leader-elect': false,
          'bind-address': '127.0.0.1',
        }),
      ],
    },
    {
      name: 'kube-scheduler',
      after: readyUrl,
      command: [
        program('kube-scheduler'),
        ...flags({ ...kubeconfigs('scheduler'), 'leader-elect': false, 'bind-address': '127.0.0.1' }),
      ],
    },
  ];
}

function node(layout: ClusterLayout): SandboxProcess[] {
  const { folder, parts } = layout;
  const pki = certificatesFolder(layout);
  const libraries = join(parts.containers, 'usr/lib', libraryTriplet());
  const environment = {
    PATH: [
      join(folder, 'bin'),
      ...['usr/sbin', 'usr/bin'].map(path => join(parts.containers, path)),
      '/usr/sbin:/usr/bin:/sbin:/bin',
    ].join(':'),
    LD_LIBRARY_PATH: libraries,
    XTABLES_LIBDIR: join(libraries, 'xtables'),
  };
  return [
    {
      name: 'containerd',
      environment,
      command: [join(parts.containers, 'usr/bin/containerd'), '--config', `${folder}/containerd.toml`],
    },
    {
      name: 'kubelet',
      environment,
      after: readyUrl,
      command: [
        join(parts.kubernetes, 'kubelet'),
        ...flags({
          config: `${folder}/kubelet.yaml`,
          kubeconfig: `${pki}/kubelet.kubeconfig`,
          'hostname-override': clusterNetwork.node,
          'node-ip': clusterNetwork.address,
          'cert-dir': pki,
        }),
      ],
    },
    {
      name: 'kube-proxy',
      environment,
      after: readyUrl,
      command: [join(parts.kubernetes, 'kube-proxy'), `--config=${folder}/proxy.yaml`],
    },
  ];
}
