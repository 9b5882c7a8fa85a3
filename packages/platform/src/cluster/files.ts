import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { certificatesFolder, clusterNetwork, pauseImage } from './layout.ts';
import type { ClusterLayout } from './layout.ts';

/** Writes the configuration of every process of the cluster into its folder. */
export async function writeClusterFiles(layout: ClusterLayout): Promise<void> {
  const { folder } = layout;
  for (const path of ['var/lib/fairway/logs', 'var/log', 'var/tmp', 'var/cache', 'run', 'bin', 'etcd'])
    await mkdir(join(folder, path), { recursive: true, mode: 0o755 });
  await symlink('../run', join(folder, 'var/run')).catch(ignoreExisting);
  await linkIptables(layout);
  const registry = `127.0.0.1:${layout.ports.registry}`;
  const files: Record<string, string> = {
    'resolv.conf': '',
    'containerd.toml': containerd(layout),
    [`registries/${registry}/hosts.toml`]: `server = "http://${registry}"\n[host."http://${registry}"]\n  capabilities = ["pull", "resolve"]\n`,
    'cni/10-fairway.conflist': JSON.stringify(containerNetwork, undefined, 1),
    'kubelet.yaml': stringify(kubelet(layout)),
    'proxy.yaml': stringify(proxy(layout)),
    'authentication.yaml': stringify(authentication),
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Debian makes these names when it installs the package; here it is only unpacked. */
async function linkIptables({ folder, parts }: ClusterLayout): Promise<void> {
  for (const version of ['iptables', 'ip6tables'])
    for (const name of ['', '-save', '-restore']) {
      const program = join(parts.containers, 'usr/sbin/xtables-nft-multi');
      await symlink(program, join(folder, 'bin', `${version}${name}`)).catch(ignoreExisting);
    }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

function containerd({ folder, parts, snapshotter }: ClusterLayout): string {
  return `version = 2
[plugins."io.containerd.internal.v1.opt"]
  path = "${folder}/var/lib/containerd-opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${parts.containers}/usr/lib/cni"
    conf_dir = "${folder}/cni"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "${folder}/registries"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "${snapshotter}"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
`;
}

const containerNetwork = {
  cniVersion: '0.4.0',
  name: 'fairway',
  plugins: [
    {
      type: 'bridge',
      bridge: 'pods0',
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      ipam: {
        type: 'host-local',
        dataDir: '/var/lib/cni',
        ranges: [[{ subnet: clusterNetwork.nodePods }]],
        routes: [{ dst: '0.0.0.0/0' }],
      },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
};

function kubelet(layout: ClusterLayout) {
  const pki = certificatesFolder(layout);
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: `${pki}/ca.crt` },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: `${pki}/kubelet-server.crt`,
    tlsPrivateKeyFile: `${pki}/kubelet-server.key`,
    cgroupDriver: 'cgroupfs',
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    clusterDNS: [clusterNetwork.dns],
    clusterDomain: clusterNetwork.domain,
    failSwapOn: false,
    failCgroupV1: false,
    // otherwise it would change settings of the whole machine; the sandbox shows it files with the values it wants
    protectKernelDefaults: true,
    resolvConf: `${layout.folder}/resolv.conf`,
    volumePluginDir: '/var/lib/kubelet/volume-plugins',
    // images come from archives and are not there to be fetched again
    imageGCHighThresholdPercent: 100,
    // not parts of the disk: a hundredth of a large one is more than the platform asks for at its start
    evictionHard: {
      'memory.available': '100Mi',
      'nodefs.available': '1Gi',
      'imagefs.available': '1Gi',
      'nodefs.inodesFree': '1%',
    },
    nodeStatusUpdateFrequency: '5s',
    // pods of a small cluster on a slow machine all start at once
    serializeImagePulls: false,
    shutdownGracePeriod: '0s',
  };
}

function proxy(layout: ClusterLayout) {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig: `${certificatesFolder(layout)}/proxy.kubeconfig` },
    mode: 'iptables',
    clusterCIDR: clusterNetwork.pods,
    hostnameOverride: clusterNetwork.node,
    nodePortAddresses: [`${clusterNetwork.address}/32`],
    // these would be settings of the whole machine
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  };
}

/** Nobody is anonymous, except whoever asks whether the API server is well. */
const authentication = {
  apiVersion: 'apiserver.config.k8s.io/v1beta1',
  kind: 'AuthenticationConfiguration',
  anonymous: { enabled: true, conditions: [{ path: '/livez' }, { path: '/readyz' }, { path: '/healthz' }] },
};
