export { checkPush } from './check-push.ts';
export { openImage, openRegistry } from './login.ts';
export type { RegistryLogin } from './login.ts';
export { parseRepository } from './address.ts';
export type { Repository } from './address.ts';
export { openRepository } from './client.ts';
export type { RegistryClient, RegistryRequest } from './client.ts';
export type { RegistryCredentials } from './authorization.ts';
export {
  digestOf,
  getBlob,
  getManifest,
  hasBlob,
  headManifest,
  manifestTypes,
  putBlob,
  putManifest,
  uploadBlob,
} from './content.ts';
export type { BlobContent, Descriptor } from './content.ts';
export { dockerCredentials } from './docker-credentials.ts';
export { downloadImage } from './download-image.ts';
export type { ImageDownload } from './download-image.ts';
export { mountFrom } from './mount.ts';
export type { Mount } from './mount.ts';
export { pushImage } from './push-image.ts';
export type { ImagePush, PushedImage } from './push-image.ts';
export { artifactContent, attachArtifact, fallbackTag, findArtifact, listReferrers } from './referrers.ts';
export type { Artifact } from './referrers.ts';
export { tagManifest } from './tag-manifest.ts';
export { todaysBase } from './todays-base.ts';
export type { Base } from './todays-base.ts';
