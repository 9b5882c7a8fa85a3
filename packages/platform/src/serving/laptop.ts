import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { ServingContext } from '../serving-context.ts';
import type { Image, ImageName } from './images.ts';
import { ledgerFolders } from './ledger.ts';
import { platformTemplate, renderOverlay } from './overlay.ts';
import type { Change } from './overlay.ts';

/** The template's names of the images that a field `image` of a pod names. */
const imageNames: Readonly<Partial<Record<ImageName, string>>> = {
  coredns: 'fairway.invalid/coredns',
  waf: 'fairway.invalid/waf',
  services: 'fairway.invalid/services',
  'envoy-gateway': 'docker.io/envoyproxy/gateway',
  redis: 'docker.io/library/redis',
  postgres: 'docker.io/library/postgres',
};

/** Objects of one part, by the label that its kustomization gives them. */
export type PartObjects = (part: string) => readonly KubernetesObject[];

/**
 * What all services share, as the laptop's overlay has it, with what only this machine knows.
 * @param dns address of the name service
 */
export async function laptopObjects(
  context: ServingContext,
  images: Readonly<Record<ImageName, Pick<Image, 'reference'>>>,
  dns: string,
): Promise<PartObjects> {
  const objects = await renderOverlay(
    context.part('kubernetes'),
    {
      of: 'overlays/laptop',
      images: new Map(
        Object.entries(imageNames).map(([name, theirs]) => [theirs, images[name as ImageName].reference]),
      ),
      changes: changes(context, images, dns),
      configuration: {
        namespace: 'envoy-gateway-system',
        name: 'envoy-gateway-config',
        key: 'envoy-gateway.yaml',
        text: await gatewayConfiguration(images),
      },
    },
    context.signal,
  );
  return part => {
    const found = objects.filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/component'] === part);
    if (found.length === 0) throw new Error(`overlays/laptop has no part ${part}`);
    return found;
  };
}

function changes(
  context: ServingContext,
  images: Readonly<Record<ImageName, Pick<Image, 'reference'>>>,
  dns: string,
): readonly Change[] {
  const { issuerUrl, audience, gatewayNodePort } = context;
  const { ip, port } = context.issuerAddress;
  const { data, reader } = ledgerFolders(context.state);
  const provider = '/spec/jwt/providers/0';
  const proxy = '/spec/provider/kubernetes';
  return [
    { kind: 'Service', name: 'kube-dns', path: '/spec/clusterIP', value: dns },
    { kind: 'Service', name: 'issuer', path: '/spec/ports/0/port', value: port },
    { kind: 'EndpointSlice', name: 'issuer-host', path: '/ports/0/port', value: port },
    { kind: 'EndpointSlice', name: 'issuer-host', path: '/endpoints/0/addresses/0', value: ip },
    { kind: 'SecurityPolicy', name: 'closed', path: `${provider}/issuer`, value: issuerUrl },
    { kind: 'SecurityPolicy', name: 'closed', path: `${provider}/audiences/0`, value: audience },
    { kind: 'SecurityPolicy', name: 'closed', path: `${provider}/remoteJWKS/uri`, value: `${issuerUrl}/jwks` },
    { kind: 'SecurityPolicy', name: 'closed', path: `${provider}/remoteJWKS/backendRefs/0/port`, value: port },
    {
      kind: 'EnvoyProxy',
      name: 'fairway',
      path: `${proxy}/envoyDeployment/container/image`,
      value: images.envoy.reference,
    },
    {
      kind: 'EnvoyProxy',
      name: 'fairway',
      path: `${proxy}/envoyService/patch/value/spec/ports/0/nodePort`,
      value: gatewayNodePort,
    },
    { kind: 'PersistentVolume', name: 'fairway-ledger', path: '/spec/hostPath/path', value: data },
    {
      kind: 'DaemonSet',
      name: 'ledger',
      path: '/spec/template/spec/volumes/1/hostPath/path',
      value: reader,
    },
  ];
}

/** Envoy Gateway starts two programs by images that its own configuration names, where kustomize does not look. */
async function gatewayConfiguration(images: Readonly<Record<ImageName, Pick<Image, 'reference'>>>): Promise<string> {
  const document = parseDocument(await readFile(join(platformTemplate, 'parts/envoy-gateway/config.yaml'), 'utf8'));
  const kubernetes = ['provider', 'kubernetes'];
  document.setIn([...kubernetes, 'shutdownManager', 'image'], images['envoy-gateway'].reference);
  document.setIn([...kubernetes, 'rateLimitDeployment', 'container', 'image'], images.ratelimit.reference);
  return document.toString();
}
