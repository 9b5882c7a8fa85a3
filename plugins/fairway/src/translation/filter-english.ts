/** Texts of what narrows a view, and of its pages. */
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
  'filter.noneHint': 'Empty the search and set team, environment, cluster and state to All to see every service.',
  'filter.text': 'Search',
  'filter.more_one': '1 more: search by a part of the name',
  'filter.more_other': '{{count, number}} more: search by a part of the name',
  'filter.nothing': 'Nothing has this text',
  'filter.ready': 'ready',
  'filter.starting': 'starting',
  'filter.failing': 'failing',
  'filter.noDeployment': 'No deployment matches',
  'filter.noDeploymentHint':
    'Empty the search and set team, environment, cluster and state to All to see every deployment.',
  'page.shown': '{{first, number}} to {{last, number}} of {{all, number}}',
  'page.first': 'First',
  'page.previous': 'Previous',
  'page.next': 'Next',
  'page.last': 'Last',
  'page.size': 'Size of a page',
  'page.each_one': '{{count, number}} a page',
  'page.each_other': '{{count, number}} a page',
} as const;

export type FilterTexts = { readonly [Key in keyof typeof filterEnglish]: string };
