/** What the portal itself says of pods and clusters, beside the diagnosis of `deploy`. */
export const portalTexts = {
  'pod.ending': 'It was told to end and finishes its streams.',
  'pod.endedSo': 'It was ended: {{words}}',
  'pod.endedSilently': 'It was ended: the cluster gives no reason',
  'pod.notPlaced': 'The scheduler has not placed it yet.',
  'pod.notLookedAt': 'The scheduler has not looked at it yet.',
  'pod.probed': 'Its container runs and has not passed its probes yet.',
  'pod.made': 'Its container is being made.',
  'cluster.silent':
    'The cluster {{cluster}} has not answered for {{seconds}} s: check its address and the network to it.',
} as const;
