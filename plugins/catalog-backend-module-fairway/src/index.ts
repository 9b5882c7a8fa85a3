export { catalogModuleFairway as default } from './module.ts';
