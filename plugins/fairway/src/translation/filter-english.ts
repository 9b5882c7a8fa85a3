/** Texts of what narrows a view. */
export const filterEnglish = {
  'filter.all': 'All',
  'filter.owner': 'Team',
  'filter.environment': 'Environment',
  'filter.cluster': 'Cluster',
  'filter.state': 'State',
  'filter.serving': 'serving',
  'filter.not-serving': 'not serving',
  'filter.decommissioned': 'decommissioned',
  'filter.unknown': 'in no watched cluster',
  'filter.none': 'No service matches',
  'filter.noneHint': 'Set team, environment, cluster and state to All to see every service.',
} as const;

export type FilterTexts = { readonly [Key in keyof typeof filterEnglish]: string };
