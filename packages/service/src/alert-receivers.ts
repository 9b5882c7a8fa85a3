import { parseDocument } from 'yaml';
import * as z from 'zod';
import { ConfigurationError } from './configuration-error.ts';
import type { Problem } from './configuration-error.ts';

const webhook = z.union([
  z.strictObject({ url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }) }),
  // an address that is itself a credential, as those of chats are
  z.strictObject({ urlFile: z.string().min(1) }),
]);

const receivers = z
  .strictObject({
    email: z.array(z.email({ error: 'must be an e-mail address' })).default([]),
    webhook: z.array(webhook).default([]),
  })
  .refine(({ email, webhook: hooks }) => email.length + hooks.length > 0, {
    error: 'must name at least one email or webhook',
  });

const bySeverity = z.strictObject({ page: receivers, ticket: receivers });

const schema = z.strictObject({
  smtp: z
    .strictObject({
      server: z.string().regex(/^[^\s:]+:\d+$/, { error: 'must be host:port, such as mail.example.com:587' }),
      from: z.email({ error: 'must be an e-mail address' }),
      username: z.string().min(1).optional(),
      /** A file, since the whole configuration is shown by Alertmanager's page. */
      passwordFile: z.string().min(1).optional(),
      tls: z.boolean().default(true),
      /** Authorities that vouch for the server, PEM; default those of Alertmanager's machine. */
      caFile: z.string().min(1).optional(),
    })
    .optional(),
  /** Labels by which alerts name their cluster (`monitoring.labels` of fairway.yaml): those of two clusters are never one notification. */
  clusterLabels: z
    .array(z.string().regex(/^[a-zA-Z_]\w*$/, { error: 'must be a label name of Prometheus' }))
    .default(['cluster']),
  /** Alerts of owners that are not named, and of rules that are not of a service. */
  others: bySeverity,
  /** By `owner` as fairway.yaml has it. */
  owners: z.record(z.string().min(1), bySeverity).default({}),
});

/** Who is told of alerts: pages wake somebody, tickets wait for the morning. */
export type AlertReceivers = z.output<typeof schema>;
export type Receivers = z.output<typeof receivers>;

/**
 * Reads a file of receivers.
 * @param file its name, for errors
 * @throws ConfigurationError with every problem of the file
 */
export function parseAlertReceivers(text: string, file: string): AlertReceivers {
  const document = parseDocument(text);
  const fault = document.errors[0];
  if (fault) throw new ConfigurationError(`This is no YAML: ${fault.message.split('\n')[0]}`, { file });
  const read = schema.safeParse(document.toJS());
  if (!read.success) throw problems(read.error.issues.map(issue => ({ at: { file }, message: sentence(issue) })));
  const { smtp, others, owners } = read.data;
  const mailed = Object.entries({ others, ...owners }).find(
    ([, { page, ticket }]) => page.email.length + ticket.email.length > 0,
  );
  if (mailed && !smtp)
    throw new ConfigurationError(
      `\`${mailed[0]}\` has e-mail addresses, and \`smtp\` is missing: give the server and the sender.`,
      { file },
    );
  if (smtp?.caFile && !smtp.tls)
    throw new ConfigurationError('`smtp.caFile` says whom to trust, and `smtp.tls: false` asks for nobody.', { file });
  if (smtp?.username && !smtp.passwordFile)
    throw new ConfigurationError('`smtp.username` needs `smtp.passwordFile`, the file that holds its password.', {
      file,
    });
  return read.data;
}

function sentence({ path, message }: z.core.$ZodIssue): string {
  return `\`${path.join('.') || 'the file'}\`: ${message}`;
}

function problems([first, ...more]: readonly Problem[]): ConfigurationError {
  return new ConfigurationError(first?.message ?? '', first?.at, more);
}
