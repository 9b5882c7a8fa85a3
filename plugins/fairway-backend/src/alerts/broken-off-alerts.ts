import { createHash } from 'node:crypto';
import type { Alert } from '@fairway/backstage-plugin-fairway-common';
import { english, reasonOf } from '@fairway/service/reasons/reason';
import type { BrokenOffRelease } from '../cluster-views.ts';

/** Source of the alerts that the portal raises itself. No cluster's: a fingerprint of it is that of no Alertmanager. */
export const portalSource = 'portal';

/** Place in the repository, as rules name their runbooks. */
const runbook = 'docs/runbooks/release-broke-off.md';

/** The alert that a release broke off: nobody goes on with it, and users have a version that nobody judged to its end. */
export function brokenOffAlert({ deployment, actions }: BrokenOffRelease, runbooks: string | undefined): Alert {
  const { cluster, namespace, service, brokenOff, goBack } = deployment;
  const candidates = brokenOff.candidates
    .map(({ revision, weight }) => `${revision} ${Math.round(weight)} %`)
    .join(', ');
  const { holder, since, renewed, released } = brokenOff;
  const coded = reasonOf('alert.brokeOff', { service, candidates });
  const codedDescription = reasonOf('alertWhy.brokeOff', { holder, since, renewed, released });
  return {
    source: portalSource,
    fingerprint: createHash('sha256')
      .update(JSON.stringify([cluster, namespace, service]))
      .digest('hex')
      .slice(0, 16),
    cluster,
    name: 'ReleaseBrokeOff',
    service,
    namespace,
    severity: 'page',
    summary: english(coded),
    coded,
    description: english(codedDescription),
    codedDescription,
    runbookUrl: URL.parse(runbook, runbooks)?.href ?? runbook,
    since: renewed,
    state: 'active',
    silencedBy: [],
    brokenOff: { ...brokenOff, goBack, actions },
  };
}
