/** Ports on the host's loopback. */
export interface Ports {
  readonly registry: number;
  readonly kubernetes: number;
  readonly gateway: number;
  readonly issuer: number;
  readonly prometheus: number;
  readonly alertmanager: number;
}

export const defaultPortBase = 17400;

export function portsFrom(base: number): Ports {
  return {
    registry: base,
    kubernetes: base + 1,
    gateway: base + 2,
    issuer: base + 3,
    prometheus: base + 4,
    alertmanager: base + 5,
  };
}
