export { servingParts } from './parts.ts';
export { installServing } from './install.ts';
export { issuerAddresses, issuerProgram, issuerScopes, prepareIssuer } from './issuer.ts';
export type { Issuer, IssuerClient, IssuerClientName } from './issuer.ts';
