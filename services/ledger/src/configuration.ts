export interface Configuration {
  /** Where the node stores the logs of its pods. */
  readonly logs: string;
  /** Namespace of the pods of Envoy Gateway's proxies. */
  readonly namespace: string;
  /** Namespace of the pods of a gateway of Istio. */
  readonly istioNamespace: string;
  /** Folder for what is on its way into the database. */
  readonly state: string;
  readonly spoolLimit: number;
  /** Days that rows of single requests stay; the sums of the days stay for good. */
  readonly retentionDays: number;
  /** File that sorts clients into classes (tenant-classes.ts); absent for none. */
  readonly tenantClasses: string | undefined;
  /** For metrics and health. */
  readonly port: number;
}

/** From LEDGER_* variables. Where the database is, the PG* variables of PostgreSQL's own clients say. */
export function configuration(environment: NodeJS.ProcessEnv): Configuration {
  return {
    logs: environment['LEDGER_LOGS'] || '/var/log/pods',
    namespace: environment['LEDGER_NAMESPACE'] || 'envoy-gateway-system',
    istioNamespace: environment['LEDGER_ISTIO_NAMESPACE'] || 'fairway-system',
    state: environment['LEDGER_STATE'] || '/var/lib/fairway-ledger',
    spoolLimit: whole(environment, 'LEDGER_SPOOL_MEBIBYTES', 4096, 1) * 2 ** 20,
    retentionDays: whole(environment, 'LEDGER_RETENTION_DAYS', 35, 1),
    tenantClasses: environment['LEDGER_TENANT_CLASSES'] || undefined,
    port: whole(environment, 'LEDGER_PORT', 9464, 0),
  };
}

function whole(environment: NodeJS.ProcessEnv, name: string, preset: number, least: number): number {
  const given = environment[name];
  if (!given) return preset;
  const value = Number(given);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${name} is "${given}"; it takes a whole number from ${least}, by default ${preset}.`);
}
