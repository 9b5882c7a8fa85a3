/**
 * What went wrong, as the last line of the log, which deliveries quote.
 * @param pulled what was to come into the folder; empty where the model lies there and is read
 */
export function whatToDo(error: NodeJS.ErrnoException, pulled: string, folder: string): string {
  // from the hub, and to the node's own disk
  const isAdapter = pulled.startsWith('hf://');
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      if (isAdapter) return `There is no room for ${pulled}: the disk of the node is full. Take nodes with more disk.`;
      return `There is no room in ${folder} for ${pulled}: the disk of the node is full, or the PersistentVolumeClaim. Name a larger claim in model.weights.claim, or take nodes with more disk.`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return pulled === ''
        ? `${error.path ?? folder} on the volume cannot be read (${error.code}). The init container has the user and the group 65532: let everybody read the model (chmod -R a+rX).`
        : `The volume with the model cannot be written (${error.code}). The init container has the user and the group 65532: let them write to the volume of model.weights.claim.`;
    default:
      return pulled === ''
        ? `The model was not verified. ${error.message}`
        : `${isAdapter ? 'The adapter was not pulled.' : 'The model was not pulled.'} ${error.message}`;
  }
}
