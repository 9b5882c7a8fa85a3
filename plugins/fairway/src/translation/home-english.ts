/** Texts of the first page. */
export const homeEnglish = {
  'home.title': 'Home',
  'home.burning': 'Burning',
  'home.delivering': 'Being delivered',
  'home.waiting': 'Waiting for GPUs',
  'home.mine': 'Mine',
  'home.count': '{{title}}: {{total, number}}',
  'home.firstOf': 'the first {{shown}} are shown',
  'home.needFirst': 'those that need somebody first',
  'home.quiet': 'Nothing burns: the Alertmanager of {{clusters}} answers and has no alert.',
  'home.asking': 'No Alertmanager has answered yet, so nothing can be said.',
  'home.nobody': 'Nobody watches: no Alertmanager is configured or answers, so an alert would not be seen here.',
  'home.noDelivery': 'No delivery runs.',
  'home.noMine': 'No service has an owner that you are or belong to ({{owners}}).',
  'home.nobodyOwns': 'You are in no group, so nothing is yours.',
  'home.allAlerts': 'All alerts',
  'home.capacity': 'GPU capacity',
  'home.allServices': 'All services',
  'home.owner': 'owner {{owner}}',
  'home.unowned': 'no owner',
  'home.taken': '{{by}} has it',
  'home.untaken': 'nobody has it',
  'home.began': 'began {{when}}',
  'home.gpus': '{{gpus}} × {{gpuClass}} on {{cluster}}',
  'home.state': 'State',
} as const;

export type HomeTexts = { readonly [Key in keyof typeof homeEnglish]: string };
