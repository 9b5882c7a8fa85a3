export { gatewayPrincipal, installMesh, removeMesh } from './install.ts';
export { meshParts } from './parts.ts';
