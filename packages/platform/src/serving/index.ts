export { servingParts } from './parts.ts';
export type { ImageSource } from './parts.ts';
export { imageSource } from './image-source.ts';
export { installServing } from './install.ts';
export { issuerAddresses, issuerProgram, issuerScopes, prepareIssuer } from './issuer.ts';
export type { Issuer, IssuerClient, IssuerClientName } from './issuer.ts';
