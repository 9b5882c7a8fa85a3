/** Texts of releases in their steps, of those that broke off, and of going back. */
export const releaseEnglish = {
  'releases.running': '{{candidate}} is being released: step {{step}} of {{steps}}, {{weight}} % of the traffic',
  'releases.judged': 'The step is being judged.',
  'releases.pausedBy':
    '{{by}} paused it {{at}}. Its share stays until somebody resumes it, unless it misses an objective: then the users go back.',
  'releases.promotedBy': '{{by}} promoted it {{at}}: it gets all traffic, whatever its steps have judged.',
  'releases.abortedBy': '{{by}} aborted it {{at}}: all users go back to {{stable}}, and the release ends.',
  'releases.notHeard': 'The release has not heard of it yet.',
  'releases.pause': 'Pause',
  'releases.pauseOf': 'Pause the release of {{candidate}} in {{namespace}} on {{cluster}}',
  'releases.resume': 'Resume',
  'releases.resumeOf': 'Resume the release of {{candidate}} in {{namespace}} on {{cluster}}',
  'releases.promote': 'Promote {{candidate}}',
  'releases.promoteOf': 'Promote {{candidate}} in {{namespace}} on {{cluster}}',
  'releases.promoteConfirm':
    'All users of {{service}} in {{namespace}} on {{cluster}} get {{candidate}}, which has {{weight}} % of them now. {{stable}} stays for a while without users, to go back to.',
  'releases.promoteThen':
    'The steps that are left do not judge {{candidate}}. The delivery ends as inconclusive, with your name.',
  'releases.abort': 'Abort: back to {{stable}}',
  'releases.abortOf': 'Abort the release of {{candidate}} in {{namespace}} on {{cluster}}: back to {{stable}}',
  'releases.abortConfirm':
    'The release of {{service}} in {{namespace}} on {{cluster}} ends. {{candidate}} loses its {{weight}} % of the users, and {{stable}} gets all of them.',
  'releases.abortThen':
    'No answer is cut. The delivery of {{candidate}} ends as inconclusive, with your name; deliver it again to release it.',
  'releases.noStable':
    '{{stable}} has no ready pod, so this release cannot be aborted: there is nothing to go back to.',
  'releases.brokeOff': 'A release of {{service}} broke off: {{candidates}}',
  'releases.candidate': '{{revision}} gets {{weight}} % of the traffic',
  'releases.heldBy': '{{holder}} took the lease {{since}} and renewed it last {{renewed}}. Released is {{released}}.',
  'releases.noWayBack': 'No ready version is left to go back to: deliver again.',
  'releases.goBack': 'Go back to {{to}}',
  'releases.goBackOf': 'Go back to {{to}} in {{namespace}} on {{cluster}}',
  'releases.confirm': '{{service}} in {{namespace}} on {{cluster}} goes from {{from}} to {{to}} for all users.',
  'releases.then': 'No answer is cut. {{from}} stays for a while without users, as release.keep of fairway.yaml says.',
  'releases.cancel': 'Cancel',
  'releases.failed': 'That did not work',
  'releases.done': '{{revision}} has all traffic, {{from}} has none.',
  'releases.off':
    'This portal does not move traffic on {{cluster}}. Its operator switches that on with actions: true of the cluster in fairway.clusters and the role kubernetes/actions-role.yaml. Until then run fairway rollback in the folder of the service.',
  'releases.notAllowed': 'Going back needs the permission fairway.release.rollback.',
} as const;

export type ReleaseTexts = { readonly [Key in keyof typeof releaseEnglish]: string };
