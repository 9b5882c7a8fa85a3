import { ConfigurationError } from '@fairway/service/configuration-error';

/** Ports on the host's loopback. */
export interface Ports {
  readonly registry: number;
  readonly kubernetes: number;
  readonly gateway: number;
  readonly issuer: number;
  readonly prometheus: number;
  readonly alertmanager: number;
  readonly portal: number;
  readonly logs: number;
  /** Of the gateway of Istio. */
  readonly istioGateway: number;
}

const defaultPortBase = 17400;

/** FAIRWAY_PORT_BASE, or 17400. */
export function portBase(environment: NodeJS.ProcessEnv = process.env): number {
  const given = environment.FAIRWAY_PORT_BASE;
  if (!given) return defaultPortBase;
  const base = Number(given);
  if (Number.isInteger(base) && base >= 1024 && base <= 65_527) return base;
  throw new ConfigurationError(
    `FAIRWAY_PORT_BASE is "${given}"; it takes the first of nine free ports, from 1024 to 65527.`,
  );
}

export function portsFrom(base: number): Ports {
  return {
    registry: base,
    kubernetes: base + 1,
    gateway: base + 2,
    issuer: base + 3,
    prometheus: base + 4,
    alertmanager: base + 5,
    portal: base + 6,
    logs: base + 7,
    istioGateway: base + 8,
  };
}
