import type { AlertReceivers, Receivers } from '@fairway/service/alert-receivers';

type Fields = Readonly<Record<string, unknown>>;

/** Seconds are short for a page, since somebody shall come; a ticket is read once a day. */
const pace: Readonly<Record<'page' | 'ticket', Fields>> = {
  page: { group_wait: '10s', group_interval: '1m', repeat_interval: '1h' },
  ticket: { group_wait: '5m', group_interval: '30m', repeat_interval: '24h' },
};

/**
 * Alertmanager's configuration: of each owner, pages and tickets go to receivers of their own; alerts of one service and one kind are one
 * notification. While the whole of a service is unwatched or down, its tickets are held back.
 */
export function alertmanagerConfiguration({ smtp, clusterLabels, others, owners }: AlertReceivers): Fields {
  const all = Object.entries(owners);
  return {
    ...(smtp
      ? {
          global: {
            smtp_smarthost: smtp.server,
            smtp_from: smtp.from,
            smtp_require_tls: smtp.tls,
            ...(smtp.username ? { smtp_auth_username: smtp.username } : {}),
            ...(smtp.passwordFile ? { smtp_auth_password_file: smtp.passwordFile } : {}),
          },
        }
      : {}),
    route: {
      // whatever has no severity of ours waits for the morning
      receiver: 'others/ticket',
      group_by: ['alertname', 'namespace', 'service', ...clusterLabels],
      ...pace.ticket,
      routes: [
        ...all.map(([owner]) => ({
          matchers: [`owner=${JSON.stringify(owner)}`],
          receiver: `${owner}/ticket`,
          routes: [{ matchers: ['severity="page"'], receiver: `${owner}/page`, ...pace.page }],
        })),
        { matchers: ['severity="page"'], receiver: 'others/page', ...pace.page },
      ],
    },
    inhibit_rules: [
      {
        source_matchers: ['alertname="FairwayTargetDown"'],
        target_matchers: ['severity="ticket"'],
        // a label that neither has is equal too
        equal: ['namespace', 'service', ...clusterLabels],
      },
    ],
    receivers: [['others', others] as const, ...all].flatMap(([owner, { page, ticket }]) => [
      receiver(`${owner}/page`, page, smtp?.caFile),
      receiver(`${owner}/ticket`, ticket, smtp?.caFile),
    ]),
  };
}

function receiver(name: string, { email, webhook }: Receivers, ca: string | undefined): Fields {
  // one for all is known to Alertmanager since 0.28 only
  const trust = ca ? { tls_config: { ca_file: ca } } : {};
  return {
    name,
    ...(email.length > 0 ? { email_configs: email.map(to => ({ to, send_resolved: true, ...trust })) } : {}),
    ...(webhook.length > 0
      ? {
          webhook_configs: webhook.map(hook => ({
            ...('url' in hook ? { url: hook.url } : { url_file: hook.urlFile }),
            send_resolved: true,
          })),
        }
      : {}),
  };
}
