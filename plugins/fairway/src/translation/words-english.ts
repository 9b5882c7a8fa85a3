/** Words of files and rules that pages show: stages of a delivery, severities of alerts and findings. In English as they are written there. */
export const wordsEnglish = {
  'word.prepare': 'prepare',
  'word.build': 'build',
  'word.scan': 'scan',
  'word.remediate': 'remediate',
  'word.optimize': 'optimize',
  'word.push': 'push',
  'word.deploy': 'deploy',
  'word.mesh': 'mesh',
  'word.monitor': 'monitor',
  'word.load-test': 'load-test',
  'word.release': 'release',

  'word.page': 'page',
  'word.ticket': 'ticket',
  'word.critical': 'critical',
  'word.error': 'error',
  'word.warning': 'warning',
  'word.info': 'info',
  'word.none': 'none',
  'word.high': 'high',
  'word.medium': 'medium',
  'word.low': 'low',
  'word.negligible': 'negligible',
  'word.unknown': 'unknown',
} as const;

export type WordsTexts = { readonly [Key in keyof typeof wordsEnglish]: string };
