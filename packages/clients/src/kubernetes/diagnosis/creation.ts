import { driverProblem } from './driver.ts';
import { final, passing, type Diagnosis } from './finding.ts';

// what a runtime or the kubelet says when it is only busy
const busy = /deadline exceeded|timed out|timeout|is reserved|already in use|connection refused|unavailable|EOF/i;

/**
 * A container that cannot be created or started.
 * @param who as messages call it
 * @param words what the kubelet or the runtime says
 * @param attempts restarts until now
 */
export function creation(who: string, words: string, attempts: number): Diagnosis {
  if (busy.test(words)) return passing(`${who} is not created yet, the node is busy: ${words}`);
  if (/runAsNonRoot|non-root|non-numeric/i.test(words))
    return final(
      `${subject(who)} must run as a numeric user that is not root (USER 65532 in its Dockerfile): ${words}`,
    );
  if (/(secret|configmap) .* not found|couldn't find key/i.test(words)) {
    const kind = /configmap/i.test(words) ? 'ConfigMap' : 'secret';
    // External Secrets, Vault and their like bring it a moment later
    return passing(
      `A ${kind} that the pod names is missing, and the pod starts once it is there: ${words.replace(/\.$/, '')}. Make it, or see why what makes it has not.`,
    );
  }
  const driver = driverProblem(words);
  if (driver) return final(`${who} cannot start on this node: ${driver}`);
  if (/executable file not found|no such file or directory|no command specified/i.test(words))
    return final(`The image lacks the program that ${who.replace(/^The/, 'the')} starts: ${words}`);
  if (/permission denied/i.test(words)) return final(`${who} may not be executed by its user: ${words}`);
  const cause = `${who} cannot be created: ${words}`;
  // an answer that nobody knows may pass; the third time it does not
  return attempts >= 2 ? final(cause) : passing(cause);
}

function subject(who: string): string {
  return who === 'The engine' ? 'The image' : who;
}
