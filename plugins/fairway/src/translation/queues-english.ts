/** The queues of Kueue on the page of the capacity. */
export const queuesEnglish = {
  'queues.label': 'Queue',
  'queues.hint': 'A LocalQueue of Kueue; in brackets the services that use it.',
  'queues.none': 'None: its quota is not counted',
  'queues.option': '{{name}} in {{namespace}} on {{cluster}}',
  'queues.waiting': '{{waiting}} wait',
  'queues.failed': 'The queues are not known, so their quota is not counted: {{reason}}',
  'queues.hidden': 'The portal cannot read the queues of {{cluster}}, so their quota is not counted: {{message}}',
  'queues.connecting': 'The portal has not read all queues of {{cluster}} yet.',
  'queues.absent': 'No cluster has queues of Kueue.',
  'queues.empty': 'There is no queue in the namespaces that you see.',
  'queues.admits': 'The queue {{name}} admits all replicas now.',
  'queues.says': 'Queue {{name}}: {{reason}}',
  'queues.later': 'It would wait in the queue',
  'queues.never': 'The queue never admits all replicas',
  'queues.unknown': 'A replica fits its GPUs, and whether the queue admits all is not known',
} as const;
