/** What a queue of Kueue says of pods. Texts without a period are parts of a sentence. */
export const queueTexts = {
  'queue.absent':
    'the namespace {{namespace}} has no LocalQueue {{name}} (`workload.queue`), so that they are never admitted',
  'queue.leadsNowhere': 'the ClusterQueue {{queue}} of the LocalQueue {{name}} is not in the cluster',
  'queue.otherNamespaces':
    'the ClusterQueue {{queue}} does not take pods of the namespace {{namespace}} (namespaceSelector)',
  'queue.stopped': 'the {{kind}} {{name}} admits nothing now: {{words}}',
  'queue.never': 'the ClusterQueue {{queue}} has quota of {{resources}} for {{most}} at most',
  'queue.neverFrom': '{{never}} (not from {{flavors}}, whose nodes are others)',
  'queue.waits': 'the ClusterQueue {{queue}} has quota of {{resources}} for {{left}} more now',
  'queue.waitsBehind': '{{waits}}, and workloads wait there already ({{before}})',
  'queue.uncovered':
    'The ClusterQueue {{queue}} has no quota of {{resources}}. It admits the pods only where the configuration of Kueue leaves that out.',
  'queue.wrongFlavor':
    'The ClusterQueue {{queue}} may give the pods a flavor whose nodes have no {{gpu}} ({{flavors}}): there they would wait for ever. Choose the nodes by `workload.nodeSelector` too, with a label of the flavor that has them.',
  'queue.namespaceUnseen':
    'Whether the ClusterQueue {{queue}} takes pods of the namespace {{namespace}} is not known: its namespaceSelector asks for labels of the namespace, and the login may not read those.',
  'queue.noKueue': 'The cluster {{cluster}} does not serve LocalQueue: no queue admits pods there.',
  'queue.hidden':
    'The portal cannot read the queues of {{cluster}} ({{words}}), so whether {{name}} admits the pods is not known. It takes list and watch on localqueues, clusterqueues, cohorts and resourceflavors, as kubernetes/cluster-role.yaml has them.',
  'queue.connecting':
    'The portal has not read all queues of {{cluster}} yet, so whether {{name}} admits the pods is not known.',
} as const;
