export { parseRepository } from './address.ts';
export type { Repository } from './address.ts';
export { openRepository } from './client.ts';
export type { RegistryClient, RegistryCredentials, RegistryRequest } from './client.ts';
export { digestOf, getBlob, getManifest, headManifest, manifestTypes, putBlob, putManifest } from './content.ts';
export type { Descriptor } from './content.ts';
export { attachArtifact, fallbackTag, findArtifact, listReferrers } from './referrers.ts';
export type { Artifact } from './referrers.ts';
