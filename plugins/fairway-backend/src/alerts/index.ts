import { isDeepStrictEqual } from 'node:util';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { ConflictError, NotFoundError } from '@backstage/errors';
import type { Alert } from '@fairway/backstage-plugin-fairway-common';
import type { GettableAlert } from '@fairway/clients/alertmanager/index';
import { pause } from '@fairway/clients/pause';
import { reasonOf } from '@fairway/service/reasons/reason';
import { resourceOfAlert } from '../access/scope.ts';
import { shownAddress } from '../access/shown-address.ts';
import type { AlertId, AlertViews, AlertViewsOptions } from '../alert-views.ts';
import type { OneService } from '../cluster-views.ts';
import { clusterConnections } from '../cluster/connections.ts';
import type { ClusterConnection } from '../cluster/connections.ts';
import { codedError } from '../http/coded-error.ts';
import { AlertHistory, shownDays } from './alert-history.ts';
import { brokenOffAlert, portalSource } from './broken-off-alerts.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { AlertSource } from './alert-source.ts';
import { NotificationClaims } from './notification-claims.ts';
import { notificationLanguage } from './notification-language.ts';
import { Notifier } from './notifier.ts';
import { ignoredAlerts } from './ignored-alerts.ts';
import type { KnownServices } from './service-of-alert.ts';
import { toAlert } from './to-alert.ts';

/** Alertmanager has no watch. */
const interval = 5000;
const hour = 60 * 60 * 1000;
const day = 24 * hour;
/** How long what was said of an alert is kept after it is over. */
const memory = 30 * day;

/** Starts to read the Alertmanagers of the clusters in the configuration. */
export async function createAlertViews(options: AlertViewsOptions): Promise<AlertViews> {
  const { config, logger, lifecycle, changed, redaction, clusters } = options;
  const end = new AbortController();
  lifecycle.addShutdownHook(() => end.abort());
  const connections = clusterConnections(config, token => redaction.learn(token));
  const labels = new Map(connections.map(({ name, prometheusLabels }) => [name, prometheusLabels]));
  const sources = alertSources(connections, logger, end.signal);
  const unwatched = connections.filter(({ alertmanagerUrl }) => !alertmanagerUrl).map(({ name }) => name);
  const configured = config.getOptionalString('fairway.runbooks');
  const runbooks = configured === undefined ? undefined : shownAddress(configured, 'fairway.runbooks');
  const database = await options.database.getClient();
  const acknowledgements = new Acknowledgements(database);
  const history = new AlertHistory(database, acknowledgements);
  const claims = new NotificationClaims(database);
  const notifier = new Notifier({ ...options, claims, say: notificationLanguage(config) });
  const ignored = ignoredAlerts(config);
  let services: KnownServices = new Map();
  let shown: readonly Alert[] = [];
  let active: ReadonlyMap<string | undefined, readonly Alert[]> = new Map();
  let states: unknown;
  let pruned = Date.now();

  const known = new WeakMap<GettableAlert, Alert>();
  const written = (from: GettableAlert, source: AlertSource): Alert => {
    const alert =
      known.get(from) ??
      redaction.value(toAlert(from, { name: source.name, clusters: source.clusters, labels, services }, runbooks));
    known.set(from, alert);
    return alert;
  };
  /** All alerts, the newest first. */
  const current = (): readonly Alert[] =>
    [
      ...clusters.brokenOff().map(release => redaction.value(brokenOffAlert(release, runbooks))),
      ...sources.flatMap(source =>
        source.alerts.filter(({ labels: of }) => !ignored(of)).map(alert => written(alert, source)),
      ),
    ].sort(
      (a, b) =>
        b.since.localeCompare(a.since) ||
        a.fingerprint.localeCompare(b.fingerprint) ||
        a.source.localeCompare(b.source),
    );
  const read = async () => {
    // before the alerts, which are written by them
    services = await options.services();
    await Promise.all(sources.map(source => source.read(end.signal)));
    const alerts = current();
    const now = sources.map(source => source.status);
    if (isDeepStrictEqual(alerts, shown) && isDeepStrictEqual(now, states)) return;
    shown = alerts;
    active = Map.groupBy(
      alerts.filter(({ state }) => state === 'active'),
      ({ service }) => service,
    );
    states = now;
    changed();
  };
  const note = async () => {
    const watched = new Set(clusters.present().flatMap(({ cluster, live }) => (live ? [cluster] : [])));
    const heard = new Set(sources.flatMap(({ name, status }) => (status.state === 'live' ? [name] : [])));
    const speaks = ({ source, cluster }: { source: string; cluster: string | null }) =>
      source === portalSource ? cluster !== null && watched.has(cluster) : heard.has(source);
    if (await history.note(shown, speaks, new Date())) changed();
  };
  const prune = async () => {
    const now = new Date();
    const before = new Date(now.getTime() - memory);
    const firing = shown.map(alert => alert.fingerprint);
    await acknowledgements.prune(before, firing);
    await claims.prune(before, firing);
    await history.prune([portalSource, ...sources.map(({ name }) => name)], now);
  };
  const follow = async () => {
    while (!end.signal.aborted) {
      try {
        await read();
        await notifier.tell(shown);
        await note();
        if (Date.now() - pruned > hour) {
          pruned = Date.now();
          await prune();
        }
      } catch (error) {
        if (!end.signal.aborted) logger.error(`Alerts are read again in ${interval / 1000} s.`, error as Error);
      }
      await pause(interval, end.signal);
    }
  };
  void follow();

  const unknown = ({ source, fingerprint }: AlertId) =>
    codedError(NotFoundError, reasonOf('alert.over', { source, fingerprint }));
  /** @throws NotFoundError for one that no longer fires */
  const find = (id: AlertId) => {
    const alert = current().find(one => one.source === id.source && one.fingerprint === id.fingerprint);
    if (alert) return alert;
    throw unknown(id);
  };
  return {
    find,
    unknown,
    async list(only = {}, seen) {
      const alerts = current().filter(
        alert => isOf(alert, only) && (!seen || seen.all || seen.may(resourceOfAlert(alert))),
      );
      return {
        sources: sources.map(source => source.status),
        unwatched,
        items: [...(await acknowledgements.join(alerts))],
      };
    },
    resolved: async (only = {}, seen) => ({ days: shownDays, ...(await history.resolved(only, new Date(), seen)) }),
    firing(of) {
      const those = of.service === undefined ? [...active.values()].flat() : (active.get(of.service) ?? []);
      const amount = those.filter(alert => isOf(alert, of)).length;
      return amount > 0 || sources.some(source => source.isLive) ? amount : undefined;
    },
    async silence(of, { minutes, comment }, user) {
      find(of);
      const source = sources.find(one => one.name === of.source);
      const alert = source?.find(of.fingerprint);
      if (!source || !alert) throw codedError(ConflictError, reasonOf('alert.ours'));
      const silenceId = await source.silence(alert, minutes, comment, user);
      await read();
      return { silenceId };
    },
    async acknowledge(of, user) {
      const { since } = find(of);
      const made = await acknowledgements.add({ ...of, since }, user, new Date());
      changed();
      return made;
    },
  };
}

/** An alert that names no namespace or cluster may be of any. */
function isOf(alert: Alert, { service, namespace, cluster }: OneService): boolean {
  if (service !== undefined && alert.service !== service) return false;
  return mayBe(alert.namespace, namespace) && mayBe(alert.cluster, cluster);
}

function mayBe(named: string | undefined, wanted: string | undefined): boolean {
  return wanted === undefined || named === undefined || named === wanted;
}

/**
 * One for each address and tenant: clusters that share an Alertmanager share its alerts. Of several logins the first counts, since one
 * that is good for the tenant sees all of its alerts.
 */
function alertSources(connections: readonly ClusterConnection[], logger: LoggerService, signal: AbortSignal) {
  const watching = connections.filter(({ alertmanagerUrl }) => alertmanagerUrl);
  const sharing = Map.groupBy(watching, ({ alertmanagerUrl, alertmanagerLogin }) =>
    JSON.stringify([alertmanagerUrl, alertmanagerLogin.tenant]),
  );
  return [...sharing.values()].map(those => {
    const names = those.map(({ name }) => name);
    const logins = those.map(({ alertmanagerLogin }) => alertmanagerLogin);
    const login = logins.find(one => one.token ?? one.bearer ?? one.aws) ?? logins[0] ?? {};
    return new AlertSource({ url: those[0]?.alertmanagerUrl ?? '', login }, names, logger, signal);
  });
}
