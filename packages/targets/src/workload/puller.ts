import { createHash } from 'node:crypto';
import { ConfigurationError } from '@fairway/service';
import { adapterLocation } from '@fairway/engines';
import type { Service, ServiceFile } from '@fairway/service';
import { referenceParts } from '@fairway/service/model/hub';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';

type Fields = Readonly<Record<string, unknown>>;

const [weights, login] = ['/weights', '/login'];

/** The volume that adapters are put on. */
const adapterVolume = 'adapters';

const confined = {
  // files that were written count until they are on the disk
  resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '1Gi' } },
  securityContext: {
    runAsUser: 65532,
    runAsGroup: 65532,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
};

/** Whether the pods of a service pull their model themselves. */
export function pullsItself({ model }: Service): boolean {
  return model.weights?.pull === 'init' || model.weights?.from === 'bucket';
}

/** Whether the pods of a service need somebody outside of the cluster: for the model, for what its files must be, or for adapters. */
export function fetchesFiles(service: Service): boolean {
  const { weights, adapters = [] } = service.model;
  const asksHub = weights?.from === 'hub' || weights?.hashes === 'hub';
  return asksHub || pullsItself(service) || adapters.some(({ reference }) => reference !== undefined);
}

/** Whether the pods of a service verify a model that lies on a volume. */
export function verifiesVolume({ model }: Service): boolean {
  return model.weights?.from === 'volume' && model.weights.hashes !== undefined;
}

/** Whether the pods of a service note on the volume what they have verified. */
export function notesOnVolume(service: Service): boolean {
  return verifiesVolume(service) && service.model.weights?.verify !== 'always';
}

/** Folder of the volume in which `services/weights` puts a model: it says what the content is. */
export function pulledFolder({ weights, reference }: Service['model']): string {
  const { image, hashes = '', folder } = weights ?? {};
  if (image === undefined) return contentName(hashes, reference);
  const hex = image.slice(image.indexOf('@sha256:') + '@sha256:'.length);
  return folder === undefined ? hex : `${hex}/${folder}`;
}

function contentName(hashes: string, reference = ''): string {
  return hashes === 'hub' ? commitName(reference) : hashes.replace('sha256:', '');
}

/** A part of a commit is other content than the whole of it. */
function commitName(reference: string): string {
  const { revision, inside } = referenceParts(reference);
  if (inside === undefined) return revision;
  return `${revision}-${createHash('sha256').update(inside).digest('hex').slice(0, 12)}`;
}

interface Pulling {
  /** Volume that the model is put on, or lies on. */
  readonly volume: string;
  /** Pull secrets of the pod. */
  readonly secrets: readonly string[];
  /** Image of services/weights. */
  readonly puller: string | undefined;
}

/**
 * What a pod has beside its engine to get its model, or to verify the one on its volume: a container that runs before it, and the logins of its pull
 * secrets, which a program does not get from the kubelet.
 */
export function pullingContainer(
  service: Service,
  { volume, secrets, puller }: Pulling,
): { readonly container: Fields; readonly volumes: readonly Fields[] } {
  const { image } = service.model.weights ?? {};
  const logins = (image === undefined ? [] : secrets).map((name, at) => ({
    secret: {
      name,
      // as the kubelet goes without one that is not there
      optional: true,
      items: [{ key: '.dockerconfigjson', path: `${at}/config.json` }],
    },
  }));
  return {
    container: {
      name: 'weights',
      image: requirePuller(service, puller),
      args: ['/services/weights.mjs'],
      imagePullPolicy: 'IfNotPresent',
      env: image === undefined ? hashedEnvironment(service) : plain({ IMAGE: image, FOLDER: weights, LOGINS: login }),
      volumeMounts: [
        { name: volume, mountPath: weights, ...(verifiesVolume(service) ? whatLiesThere(service) : {}) },
        ...(logins.length > 0 ? [{ name: 'login', mountPath: login, readOnly: true }] : []),
      ],
      ...confined,
    },
    volumes: logins.length > 0 ? [{ name: 'login', projected: { sources: logins } }] : [],
  };
}

/**
 * What a pod has for adapters that lie in repositories of their own: a container for each, so that none has the token of another, and a volume that
 * they are put on.
 */
export function pulledAdapters(
  service: Service,
  puller: string | undefined,
): { readonly before: readonly Fields[]; readonly volumes: readonly Fields[]; readonly mounts: readonly Fields[] } {
  const pulled = (service.model.adapters ?? []).flatMap((adapter, at) => {
    const { reference, secret } = adapter;
    if (reference === undefined) return [];
    const token = { secretKeyRef: { name: secret, key: 'HF_TOKEN' } };
    const name = commitName(reference);
    return [
      {
        container: {
          name: `adapter-${at}`,
          image: requirePuller(service, puller),
          args: ['/services/weights.mjs'],
          imagePullPolicy: 'IfNotPresent',
          env: [
            ...plain({ PULL: 'hub', REFERENCE: reference, NAME: name, FOLDER: weights }),
            ...(secret === undefined ? [] : [{ name: 'HF_TOKEN', valueFrom: token }]),
          ],
          volumeMounts: [{ name: adapterVolume, mountPath: weights }],
          ...confined,
        },
        mount: { name: adapterVolume, mountPath: adapterLocation(service, adapter), readOnly: true, subPath: name },
      },
    ];
  });
  return {
    before: pulled.map(({ container }) => container),
    volumes: pulled.length > 0 ? [{ name: adapterVolume, emptyDir: {} }] : [],
    mounts: pulled.map(({ mount }) => mount),
  };
}

/** The same folder as the engine's, since the folders above it may be closed to others. */
function whatLiesThere(service: Service): Fields {
  const { folder } = service.model.weights ?? {};
  return {
    ...(folder === undefined ? {} : { subPath: folder }),
    ...(notesOnVolume(service) ? {} : { readOnly: true }),
  };
}

function plain(environment: Readonly<Record<string, string>>): readonly Fields[] {
  return Object.entries(environment).map(([name, value]) => ({ name, value }));
}

/** What is pulled and verified file by file. Credentials come from the Secret alone, so that no object that people read has them. */
function hashedEnvironment(service: Service): readonly Fields[] {
  const { weights: from, reference } = service.model;
  const { bucket, endpoint, region, hashes = '', secret } = from ?? {};
  const key = (name: string, optional: boolean) => ({
    name,
    valueFrom: { secretKeyRef: { name: secret, key: name, ...(optional ? { optional } : {}) } },
  });
  const keys =
    secret === undefined
      ? []
      : [
          ...(bucket === undefined
            ? []
            : [key('AWS_ACCESS_KEY_ID', false), key('AWS_SECRET_ACCESS_KEY', false), key('AWS_SESSION_TOKEN', true)]),
          ...(hashes === 'hub' ? [key('HF_TOKEN', bucket !== undefined)] : []),
        ];
  return [
    ...plain({
      ...(bucket === undefined ? { ONCE: String(notesOnVolume(service)) } : { BUCKET: bucket }),
      ...(endpoint === undefined ? {} : { ENDPOINT: endpoint }),
      ...(region === undefined ? {} : { REGION: region }),
      ...{ FOLDER: weights, HASHES: hashes, NAME: contentName(hashes, reference) },
      ...(hashes === 'hub' ? { REFERENCE: reference ?? '' } : {}),
    }),
    ...keys,
  ];
}

/**
 * Whether the pods of a service can pull or verify their model.
 * @throws ConfigurationError with the place where they cannot
 */
export function checkPuller(
  { service, place }: Pick<ServiceFile, 'service' | 'place'>,
  image: string | undefined,
): void {
  if (pullsItself(service) || verifiesVolume(service)) requirePuller(service, image, place);
  const at = service.model.adapters?.findIndex(({ reference }) => reference !== undefined) ?? -1;
  if (at >= 0 && !image)
    throw new ConfigurationError(reasonOf('input.adaptersProgram'), place('model', 'adapters', at, 'reference'));
}

function requirePuller(service: Service, image: string | undefined, place?: ServiceFile['place']): string {
  if (image) return image;
  const { from, pull } = service.model.weights ?? {};
  if (from === 'bucket')
    throw new ConfigurationError(
      reasonOf('input.weightsProgram', { key: 'bucket', does: reasonOf('input.weightsPull') }),
      place?.('model', 'weights', 'bucket'),
    );
  if (from === 'volume')
    throw new ConfigurationError(
      reasonOf('input.weightsProgram', { key: 'hashes', does: reasonOf('input.weightsVerify') }),
      place?.('model', 'weights', 'hashes'),
    );
  if (pull !== 'init') throw new ConfigurationError(reasonOf('input.adaptersProgram'));
  throw new ConfigurationError(reasonOf('input.weights'), place?.('model', 'weights', 'pull'));
}
