/** Texts of the pods of a version. */
export const podsEnglish = {
  'pods.byState': 'Pods of {{revision}} by state',
  'pods.table': 'Pods as a table',
  'pods.hint': 'Point at a cell, or go there with the Tab and arrow keys, to read about its pod.',
  'pods.ready': '{{amount}} ready',
  'pods.starting': '{{amount}} starting',
  'pods.failing': '{{amount}} failing',
  'pods.ending': '{{amount}} ending',
  'pods.state.ready': 'ready',
  'pods.state.starting': 'starting',
  'pods.state.failing': 'failing',
  'pods.state.ending': 'ending',
  'pods.otherReasons': 'Other reasons, each at its pod.',
  'pods.onNode': 'on {{node}}',
  'pods.restarts': 'restarts {{restarts}}',
  'pods.started': 'started {{when}}',
} as const;
