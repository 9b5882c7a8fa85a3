/** What errors say around their own words: of outside systems, of files and of this machine. */
export const errorTexts = {
  'list.lines': '{{first}}\n{{second}}',

  // `words` are those of the system, and `sentence` is a text that has a code
  'tool.failed': '{{tool}}: {{request}} failed.',
  'tool.failedSaying': '{{tool}}: {{request}} failed: {{words}}',
  'tool.failedSo': '{{tool}}: {{request}} failed: {{sentence}}',
  'tool.ended': '{{tool}}: {{request}} ended with {{status}}.',
  'tool.endedSaying': '{{tool}}: {{request}} ended with {{status}}: {{words}}',
  'tool.endedSo': '{{tool}}: {{request}} ended with {{status}}: {{sentence}}',

  // systems that are called by a common noun
  'outside.engine': 'engine',
  'outside.gateway': 'gateway',
  'outside.inferenceEndpoint': 'inference endpoint',
  'outside.issuer': 'issuer',
  'outside.logStore': 'log store',
  'outside.modelHub': 'model hub',
  'outside.portal': 'portal',
  'outside.registry': 'registry',
  'outside.tokenCommand': 'token command',
  'outside.tokenEndpoint': 'token endpoint',

  // what was asked of a system
  'request.weights': 'setting the weights of {{service}}',

  // what the operating system does not allow, by errno(3)
  'system.fault': '{{path}}: {{fault}} ({{call}}: {{errno}}).',
  'system.machine': 'This machine',
  'system.folderGone': 'The folder that this runs in is gone. Change to one that is there.',
  'system.diskFull': 'the disk is full. Make room and run again; what was finished is stored',
  'system.diskQuota': 'the disk quota is used up. Make room and run again; what was finished is stored',
  'system.readOnly': 'the file system is read-only. Use a folder that can be written',
  'system.denied': 'this user may not do that. Change the permissions, or run as the owner',
  'system.folderForFile': 'a folder is where a file should be. Move it away',
  'system.fileForFolder': 'a file is where a folder should be. Move it away',
  'system.circle': 'its symbolic links lead in a circle. Correct them',
  'system.openFiles': 'too many files are open. Raise the limit (ulimit -n)',
  'system.openFilesOfAll': 'too many files are open on this machine',
  'system.diskBroken': 'the disk cannot be read or written. Check it',
} as const;
