/** What the stage `scan` says. */
export const scanTexts = {
  'scan.one': '1 finding of severity {{severity}} or higher can be fixed, in {{packages}}.',
  'scan.many': '{{number}} findings of severity {{severity}} or higher can be fixed, in {{packages}}.',
  'scan.morePackages': '{{packages}} and {{number}} more',
  'scan.none': 'No fixable finding of severity {{severity}} or higher; {{others}}.',
  'scan.noneBut': 'No fixable finding of severity {{severity}} or higher, {{but}}; {{others}}.',
  'scan.noneNew': 'No new fixable finding of severity {{severity}} or higher, {{but}}; {{others}}.',
  'scan.accepted': '{{number}} accepted for a time',
  'scan.harmless': '{{number}} harmless by VEX',
  'scan.old': '{{number}} in the base branch too',
  'scan.noOther': 'no other finding',
  'scan.oneOther': '1 other finding',
  'scan.others': '{{number}} other findings',
} as const;
