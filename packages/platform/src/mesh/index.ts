export { gatewayPrincipal, installMesh, removeMesh } from './install.ts';
export { istioGateway } from './gateway.ts';
export { meshParts } from './parts.ts';
