/** Texts of the page that says who used what. */
export const usageEnglish = {
  'usage.title': 'Usage',
  'usage.by': 'Sum up by',
  'usage.by.team': 'Team',
  'usage.by.service': 'Service',
  'usage.by.model': 'Model',
  'usage.by.version': 'Version',
  'usage.by.day': 'Day',
  'usage.by.client': 'Client',
  'usage.days': 'Days',
  'usage.days.1': 'today',
  'usage.days.7': '7 days',
  'usage.days.30': '30 days',
  'usage.days.90': '90 days',
  'usage.sum':
    '{{from}} to {{to}} (UTC): {{requests}} requests, {{prompt}} prompt tokens, {{completion}} completion tokens',
  'usage.requests': 'Requests',
  'usage.failed': 'Failed',
  'usage.prompt': 'Prompt tokens',
  'usage.completion': 'Completion tokens',
  'usage.cached': 'From the cache',
  'usage.firstToken': 'First token, ms (mean)',
  'usage.cost': 'Cost, {{currency}}',
  'usage.unknown': 'not known',
  'usage.most': 'The {{shown, number}} of {{total, number}} rows with the most tokens; the sums above are of all.',
  'usage.empty': 'Nothing was used',
  'usage.emptyHint':
    'Choose more days, or set team, service and model to All. A request is here seconds after it ended.',
  'usage.noLedger': 'No ledger is configured',
  'usage.noLedgerHint': 'Name the PostgreSQL of the ledger by ledgerUrl in fairway.clusters of the app-config.',
  'usage.unreachable': 'The ledger of {{clusters}} does not answer; the sums are without it.',
  'usage.unledgered': 'Of {{clusters}} no ledger is configured; what was used there is not shown.',
  'usage.clientsNotAllowed':
    'Seeing who asked needs the permission fairway.log.read. Ask an administrator of this portal for it.',
} as const;

export type UsageTexts = { readonly [Key in keyof typeof usageEnglish]: string };
