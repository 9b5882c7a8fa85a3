import type { DockerEngine } from './engine.ts';

/** The network that a container of this daemon can use: `default` where there is a bridge, else the host's. */
export function buildNetwork(engine: DockerEngine, network: 'default' | 'host' | undefined): 'default' | 'host' {
  return network === 'host' || !engine.bridge ? 'host' : 'default';
}
