import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { NamedContainer } from './container-name.ts';
import { driverProblem } from './driver.ts';
import { final, passing, type Diagnosis } from './finding.ts';
import { closed } from './parts.ts';

// what a runtime or the kubelet says when it is only busy
const busy = /deadline exceeded|timed out|timeout|is reserved|already in use|connection refused|unavailable|EOF/i;

/**
 * A container that cannot be created or started.
 * @param words what the kubelet or the runtime says
 */
export function creation({ name: container, engine, status }: NamedContainer, words: string): Diagnosis {
  if (busy.test(words)) return passing(reasonOf('container.busy', { container, words }));
  if (/runAsNonRoot|non-root|non-numeric/i.test(words))
    return final(reasonOf('container.root', { container: engine ? reasonOf('container.image') : container, words }));
  if (/(secret|configmap) .* not found|couldn't find key/i.test(words)) {
    const kind = /configmap/i.test(words) ? 'container.noConfigMap' : 'container.noSecret';
    // External Secrets, Vault and their like bring it a moment later
    return passing(reasonOf(kind, { words: words.replace(/\.$/, '') }));
  }
  const problem = driverProblem(words);
  // what gives the GPUs may be about to be installed or replaced
  const comes = problem?.code === 'driver.runtime' || problem?.code === 'driver.fabric';
  if (problem) return (comes ? passing : final)(reasonOf('container.driver', { container, problem }));
  // containerd before 2.1, to which such a volume is a folder without a name
  if (/failed to mkdir "": mkdir/.test(words))
    return final(reasonOf('container.noImageVolume', { words: closed(words) }));
  if (/executable file .*not found|(?:exec|stat) .*no such file or directory|no command specified/i.test(words))
    return final(reasonOf('container.noProgram', { container, words }));
  if (/exec format error/i.test(words)) return final(reasonOf('container.otherProcessor', { container, words }));
  if (/permission denied/i.test(words)) return final(reasonOf('container.notExecutable', { container, words }));
  const cause = reasonOf('container.notCreated', { container, words });
  // an answer that nobody knows may pass; the third time it does not
  return status.restartCount >= 2 ? final(cause) : passing(cause);
}
