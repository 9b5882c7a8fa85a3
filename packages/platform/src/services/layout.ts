import type { Ports } from '../ports.ts';

/** What runs beside the cluster, in the host's network. */
export interface ServicesLayout {
  /** Images, registry contents and keys in it are kept between runs. */
  readonly folder: string;
  readonly parts: { readonly containers: string };
  readonly ports: Ports;
  readonly audience: string;
  /** False when a Docker daemon of the machine is used. */
  readonly docker: boolean;
}
