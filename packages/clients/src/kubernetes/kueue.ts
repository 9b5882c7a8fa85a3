/** The versions of Kueue's API that are read, the newest first. */
export const kueueVersions = ['kueue.x-k8s.io/v1beta2', 'kueue.x-k8s.io/v1beta1'];

/** Label of what waits for its LocalQueue. */
export const queueLabel = 'kueue.x-k8s.io/queue-name';
