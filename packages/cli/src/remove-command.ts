import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { describe } from '@fairway/clients/kubernetes/objects';
import { prometheus } from '@fairway/clients/prometheus/index';
import type { HttpLogin } from '@fairway/clients/http-login';
import { ruler } from '@fairway/clients/ruler/index';
import { ClusterSeries } from '@fairway/indicators';
import type { ClusterLabels } from '@fairway/indicators';
import { readState } from '@fairway/platform';
import { clusterUid } from '@fairway/clients/kubernetes/cluster-uid';
import { ConfigurationError } from '@fairway/service';
import { afterRemoval, environmentOf, readRecord, writeRecord } from '@fairway/stage';
import type { GatewayReference, LeavingService } from '@fairway/targets/gateway/access';
import { parseGateway } from '@fairway/targets/gateway/references';
import { holdTraffic, TrafficTaken } from '@fairway/targets/gateway/traffic-lease';
import { prometheusLoginInputs } from '@fairway/stage/prometheus-inputs';
import { prometheusLogin } from '@fairway/targets/metrics/prometheus-access';
import { removeRulerRules, rulerNamespace } from '@fairway/targets/metrics/ruler-rules';
import { serviceFiles } from '@fairway/targets/metrics/service-files';
import { readRemoval, remove, trafficLease } from '@fairway/targets/removal';
import { lockDelivery } from './delivery-lock.ts';
import { environmentFile } from './environment-file.ts';
import { parse } from './parse.ts';
import { secretVariable } from './secret-options.ts';

interface Place {
  readonly kubeconfig?: string | undefined;
  readonly context: string;
  /** At which the service was, if its route is gone. */
  readonly gateway?: GatewayReference | undefined;
  /** From which a Prometheus without an operator reads its files, and where it answers. */
  readonly directory?: string | undefined;
  readonly prometheusUrl?: string | undefined;
  /** That evaluates its rules, where it is not the cluster's Prometheus. */
  readonly rulerUrl?: string | undefined;
  /** Of both. */
  readonly login: HttpLogin;
}

/** `fairway remove`: takes a service out of a cluster, and leaves what is of others and what was delivered. */
export async function removeCommand(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(argv, {
    service: { type: 'string' },
    environment: { type: 'string' },
    context: { type: 'string' },
    kubeconfig: { type: 'string' },
    gateway: { type: 'string' },
    'prometheus-directory': { type: 'string' },
    'prometheus-url': { type: 'string' },
    'ruler-url': { type: 'string' },
    'monitoring-label': { type: 'string', multiple: true },
    ...loginOptions,
    yes: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const { folder, environment, inputs, ...service } = await named(positionals, values);
  const { namespace, name } = service;
  const place = await placeOf({ ...inputs, ...values });
  const { connectCluster } = await import('@fairway/clients/kubernetes/index');
  const cluster = await connectCluster({ ...place, signal });
  const found = await readRemoval(cluster, service, place.gateway);
  const stored = place.rulerUrl === undefined ? undefined : ruler(place.rulerUrl, signal, place.login);
  const rules = rulerNamespace(service, ClusterSeries.labelled(service.labels));
  const groups =
    (await stored?.groups(rules))?.map(group => `rule group ${group.name} of the ruler's namespace ${rules}`) ?? [];
  const files = place.directory ? Object.values(serviceFiles(place.directory, service)).filter(existsSync) : [];
  const planned = [...found.removed.map(describe), ...groups, ...files];
  const changed = found.changed.map(describe);
  const answer = (removed: readonly string[]) => {
    if (values['json']) process.stdout.write(`${JSON.stringify({ namespace, name, removed, changed })}\n`);
  };
  const label = `${namespace}/${name}`;
  if (planned.length === 0) {
    process.stderr.write(`Nothing of ${label} is in the context "${place.context}".\n`);
    answer([]);
    return 0;
  }
  process.stderr.write(planText(label, place.context, planned, changed));
  if (values['dry-run']) {
    answer(planned);
    return 0;
  }
  if (!values['yes']) await confirm(name, signal);

  const unlock = folder === undefined ? undefined : await lockDelivery(folder);
  try {
    const removed = found.removed.length > 0 ? await removeHeld() : [];
    if (stored && groups.length > 0) await removeRulerRules(stored, rules);
    for (const file of files) await rm(file, { force: true });
    if (files.length > 0 && place.prometheusUrl) await prometheus(place.prometheusUrl, signal, place.login).reload();
    const noted = folder !== undefined && (await note(folder));
    answer([...removed, ...groups, ...files]);
    process.stderr.write(
      `${label} was removed. Its namespace stays, and so do its image, its usage and its logs.${noted ? ' The record says so.' : ''}\n`,
    );
    return 0;
  } finally {
    await unlock?.();
  }

  /** In the record of the folder, if that is about the same place. */
  async function note(path: string): Promise<boolean> {
    const record = await readRecord(path);
    if (!record || (environment !== undefined && record.environment !== environment)) return false;
    if (record.cluster !== undefined && record.cluster !== (await clusterUid(cluster))) return false;
    await writeRecord(path, afterRemoval(record, new Date()));
    return true;
  }

  /** Under the lease of the traffic: a release that goes on would put back what goes. */
  async function removeHeld(): Promise<readonly string[]> {
    const holder = `removal on ${hostname()}`;
    const result = await holdTraffic(cluster, service, { holder, signal }, async hold => {
      const held = cluster.withSignal(hold.signal);
      // read anew: what was delivered while somebody was asked goes too
      return remove(held, service, place.gateway, {
        signal: hold.signal,
        progress: message => process.stderr.write(`${message}\n`),
      });
    });
    if (result instanceof TrafficTaken) throw new ConfigurationError(`Nothing was removed: ${result.message}.`);
    await cluster.remove(trafficLease(service));
    return result;
  }
}

interface Named extends LeavingService {
  readonly folder?: string;
  readonly environment?: string | undefined;
  /** That the environment's file has. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** `monitoring.labels`, which are part of the name of its rules in a ruler. */
  readonly labels: ClusterLabels;
}

/** The service of a folder in an environment, or one that is named, whose folder may be gone. */
async function named(positionals: readonly string[], values: Readonly<Record<string, unknown>>): Promise<Named> {
  const given = values['service'] as string | undefined;
  if (given === undefined && positionals.length < 2) {
    const folder = resolve(positionals[0] ?? '.');
    const environment = environmentOf(
      { environment: values['environment'] as string | undefined },
      { environment: process.env },
    );
    const { service, inputs } = await environmentFile(folder, environment);
    const { namespace, name, access, apply, monitoring } = service;
    if (apply)
      throw new ConfigurationError(
        `A controller applies ${namespace}/${name} from the folder ${apply.folder}${apply.repository ? ` of ${apply.repository}` : ''} (apply.by: ${apply.by}), and what is removed from the cluster alone comes back. Nothing was removed. Remove the folder from what the controller reads and wait until it has pruned the objects; then run fairway remove --service ${namespace}/${name} for what is left.`,
      );
    const labels = monitoring?.labels ?? {};
    return { folder, environment, inputs, labels, namespace, name, access: { hostname: access.hostname } };
  }
  const [, namespace, name] = /^([a-z0-9-]+)\/([a-z0-9-]+)$/.exec(given ?? '') ?? [];
  if (namespace === undefined || name === undefined || positionals.length > 0)
    throw new ConfigurationError(
      `fairway remove takes the folder of a service or --service NAMESPACE/NAME; found "${[...positionals, ...(given === undefined ? [] : ['--service', given])].join(' ')}".`,
    );
  return { inputs: {}, labels: labelsOf((values['monitoring-label'] ?? []) as readonly string[]), namespace, name };
}

/** The cluster that was named, with the Prometheus that was named for it, or the local platform. */
async function placeOf(values: Readonly<Record<string, unknown>>): Promise<Place> {
  const given = (name: string) => values[name] as string | undefined;
  const context = given('context');
  const gateway = given('gateway');
  if (context !== undefined)
    return {
      kubeconfig: given('kubeconfig') ?? process.env['KUBECONFIG'],
      context,
      gateway: gateway === undefined ? undefined : parseGateway(gateway),
      directory: given('prometheus-directory'),
      prometheusUrl: given('prometheus-url'),
      rulerUrl: given('ruler-url'),
      login: prometheusLogin({ ...values, ...loginSecrets() }),
    };
  const state = await readState();
  if (!state)
    throw new ConfigurationError(
      'The local platform has never been up, so nothing is there to remove. Name a cluster with --context.',
    );
  const { directory, url } = state.prometheus;
  return {
    ...state.kubernetes,
    gateway: parseGateway(gateway ?? state.gateway.reference),
    directory,
    prometheusUrl: url,
    login: {},
  };
}

/** Options by which Prometheus and the ruler let this side in; secrets come by variables. */
const loginOptions = Object.fromEntries(
  Object.entries(prometheusLoginInputs).flatMap(([name, spec]) =>
    spec.type === 'secret' ? [] : [[name, { type: 'string' as const }]],
  ),
);

function loginSecrets(): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(prometheusLoginInputs).flatMap(([name, spec]) =>
      spec.type === 'secret' ? [[name, process.env[secretVariable(name)] || undefined]] : [],
    ),
  );
}

function labelsOf(given: readonly string[]): ClusterLabels {
  return Object.fromEntries(
    given.map(text => {
      const [, name, value] = /^([a-zA-Z_]\w*)=(.+)$/.exec(text) ?? [];
      if (name === undefined || value === undefined)
        throw new ConfigurationError(
          `--monitoring-label takes NAME=VALUE, as monitoring.labels of fairway.yaml had it; found "${text}".`,
        );
      return [name, value];
    }),
  );
}

function planText(label: string, context: string, planned: readonly string[], changed: readonly string[]): string {
  const lines = (texts: readonly string[]) => texts.map(text => `  ${text}\n`).join('');
  return `Of ${label} in the context "${context}" this goes:\n${lines(planned)}${changed.length > 0 ? `This is shared and goes on without it:\n${lines(changed)}` : ''}`;
}

/** @throws ConfigurationError unless somebody types the name of the service */
async function confirm(name: string, signal: AbortSignal): Promise<void> {
  if (!process.stdin.isTTY)
    throw new ConfigurationError(
      `fairway remove asks for the name of the service, and there is no terminal to ask at. Nothing was removed. Add --yes to remove ${name} without a question.`,
    );
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = (await terminal.question(`Type ${name} to remove it: `, { signal })).trim();
    if (typed !== name) throw new ConfigurationError(`Found "${typed}" in place of ${name}. Nothing was removed.`);
  } finally {
    terminal.close();
  }
}
