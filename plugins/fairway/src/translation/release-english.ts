/** Texts of releases that broke off and of going back. */
export const releaseEnglish = {
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
