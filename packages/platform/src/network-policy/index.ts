export { installNetworkPolicy, removeNetworkPolicy } from './install.ts';
export { networkPolicyParts } from './parts.ts';
