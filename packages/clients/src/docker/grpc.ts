// A CommonJS package imported dynamically by name has no names in a bundle with split chunks, only a default; through a module it has.
export { Server, ServerCredentials, status } from '@grpc/grpc-js';
