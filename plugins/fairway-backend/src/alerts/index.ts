import { isDeepStrictEqual } from 'node:util';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { InputError, NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import type { Alert } from '@fairway/backstage-plugin-fairway-common';
import { pause } from '@fairway/clients/pause';
import type { AlertViews, AlertViewsOptions } from '../alert-views.ts';
import { clusterConnections } from '../cluster/connections.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { AlertSource, unknownAlerts } from './alert-source.ts';
import { NotificationClaims } from './notification-claims.ts';
import { Notifier } from './notifier.ts';
import { toAlert } from './to-alert.ts';

/** Alertmanager has no watch. */
const interval = 5000;
const day = 24 * 60 * 60 * 1000;
/** How long what was said of an alert is kept after it is over. */
const memory = 30 * day;

/** Starts to read the Alertmanagers of the clusters in the configuration. */
export async function createAlertViews(options: AlertViewsOptions): Promise<AlertViews> {
  const { config, logger, lifecycle, changed } = options;
  const end = new AbortController();
  lifecycle.addShutdownHook(() => end.abort());
  const sources = alertSources(config, logger, end.signal);
  const runbooks = runbookAddress(config);
  const database = await options.database.getClient();
  const acknowledgements = new Acknowledgements(database);
  const claims = new NotificationClaims(database);
  const notifier = new Notifier({ ...options, claims });
  let shown: readonly Alert[] = [];
  let pruned = Date.now();

  const read = async () => {
    await Promise.all(sources.map(source => source.read(end.signal)));
    const alerts = merged(sources, runbooks);
    if (!isDeepStrictEqual(alerts, shown)) {
      shown = alerts;
      changed();
    }
  };
  const follow = async () => {
    while (!end.signal.aborted) {
      try {
        await read();
        await notifier.tell(shown);
        if (Date.now() - pruned > day) {
          pruned = Date.now();
          const firing = shown.map(alert => alert.fingerprint);
          await acknowledgements.prune(new Date(pruned - memory), firing);
          await claims.prune(new Date(pruned - memory), firing);
        }
      } catch (error) {
        if (!end.signal.aborted) logger.error(`Alerts are read again in ${interval / 1000} s.`, error as Error);
      }
      await pause(interval, end.signal);
    }
  };
  if (sources.length > 0) void follow();

  const find = (fingerprint: string) => {
    for (const source of sources) {
      const alert = source.find(fingerprint);
      if (alert) return { source, alert };
    }
    throw new NotFoundError(
      `No alert with the fingerprint "${fingerprint}" fires now. It may be over: reload the page.`,
    );
  };
  return {
    async list(service) {
      const problems = sources.flatMap(source => source.problem ?? []);
      if (sources.length > 0 && problems.length === sources.length)
        throw new ServiceUnavailableError(problems.join(' '));
      const alerts = merged(sources, runbooks).filter(
        // one that stands for unknown alerts belongs to every service
        alert => service === undefined || alert.service === service || alert.name === unknownAlerts,
      );
      return acknowledgements.join(alerts);
    },
    firing() {
      const counts = new Map<string, number>();
      for (const { service, state } of shown)
        if (service !== undefined && state === 'active') counts.set(service, (counts.get(service) ?? 0) + 1);
      return counts;
    },
    async silence(fingerprint, { minutes, comment }, user) {
      const { source, alert } = find(fingerprint);
      const silenceId = await source.silence(alert, minutes, comment, user);
      await read();
      return { silenceId };
    },
    async acknowledge(fingerprint, user) {
      const { alert } = find(fingerprint);
      const made = await acknowledgements.add({ fingerprint, since: alert.startsAt }, user, new Date());
      changed();
      return made;
    },
  };
}

function alertSources(config: AlertViewsOptions['config'], logger: LoggerService, signal: AbortSignal) {
  const clusters = new Map<string, string[]>();
  for (const { name, alertmanagerUrl } of clusterConnections(config))
    if (alertmanagerUrl) clusters.set(alertmanagerUrl, [...(clusters.get(alertmanagerUrl) ?? []), name]);
  return [...clusters].map(([url, names]) => new AlertSource(url, names, logger, signal));
}

/** @throws InputError when it is no address that a browser opens */
function runbookAddress(config: AlertViewsOptions['config']): string | undefined {
  const given = config.getOptionalString('fairway.runbooks');
  if (given === undefined || /^https?:$/.test(URL.parse(given)?.protocol ?? '')) return given;
  throw new InputError(
    `The configuration fairway.runbooks is "${given}"; it must be the http or https address below which the runbooks lie.`,
  );
}

/** All alerts, the newest first; one that several Alertmanagers hold is one. What is not known has an alert of its own. */
function merged(sources: readonly AlertSource[], runbooks: string | undefined): readonly Alert[] {
  // alerts of an Alertmanager that no longer answers may be over, but saying nothing of them would be worse
  const all = sources.flatMap(({ missing, alerts }) => [
    ...(missing ? [missing] : []),
    ...alerts.map(alert => toAlert(alert, runbooks)),
  ]);
  const alerts = new Map(all.map(alert => [alert.fingerprint, alert]));
  return [...alerts.values()].sort(
    (a, b) => b.since.localeCompare(a.since) || a.fingerprint.localeCompare(b.fingerprint),
  );
}
