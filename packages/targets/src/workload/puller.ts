import { ConfigurationError } from '@fairway/service';
import type { Service, ServiceFile } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';

type Fields = Readonly<Record<string, unknown>>;

const [weights, login] = ['/weights', '/login'];

/** Whether the pods of a service pull their model themselves. */
export function pullsItself({ model }: Service): boolean {
  return model.weights?.pull === 'init';
}

/** Folder of the volume in which `services/weights` puts an image. */
export function pulledFolder(image: string, folder: string | undefined): string {
  const hex = image.slice(image.indexOf('@sha256:') + '@sha256:'.length);
  return folder === undefined ? hex : `${hex}/${folder}`;
}

/**
 * What a pod has beside its engine to pull its model: a container that runs before it, and the logins of its pull secrets, which a program does not
 * get from the kubelet.
 * @param volume that the model is put on
 * @param secrets those of the pod
 * @param puller image of services/weights
 */
export function pullingContainer(
  service: Service,
  volume: string,
  secrets: readonly string[],
  puller: string | undefined,
): { readonly container: Fields; readonly volumes: readonly Fields[] } {
  const logins = secrets.map((name, at) => ({
    secret: {
      name,
      // as the kubelet goes without one that is not there
      optional: true,
      items: [{ key: '.dockerconfigjson', path: `${at}/config.json` }],
    },
  }));
  const environment = { IMAGE: service.model.weights?.image ?? '', FOLDER: weights, LOGINS: login };
  return {
    container: {
      name: 'weights',
      image: requirePuller(puller),
      args: ['/services/weights.mjs'],
      imagePullPolicy: 'IfNotPresent',
      env: Object.entries(environment).map(([name, value]) => ({ name, value })),
      volumeMounts: [
        { name: volume, mountPath: weights },
        ...(logins.length > 0 ? [{ name: 'login', mountPath: login, readOnly: true }] : []),
      ],
      // files that were written count until they are on the disk
      resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '1Gi' } },
      securityContext: {
        runAsUser: 65532,
        runAsGroup: 65532,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
    },
    volumes: logins.length > 0 ? [{ name: 'login', projected: { sources: logins } }] : [],
  };
}

/**
 * Whether the pods of a service can pull their model.
 * @throws ConfigurationError with the place where they cannot
 */
export function checkPuller(
  { service, place }: Pick<ServiceFile, 'service' | 'place'>,
  image: string | undefined,
): void {
  if (pullsItself(service)) requirePuller(image, () => place('model', 'weights', 'pull'));
}

function requirePuller(image: string | undefined, place?: () => ReturnType<ServiceFile['place']>): string {
  if (image) return image;
  throw new ConfigurationError(reasonOf('input.weights'), place?.());
}
