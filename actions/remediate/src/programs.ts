import { runOnce } from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import type { EngineProfile } from '@fairway/engines';

/** Something that the programs of an image must do without the hardware that they are for. */
interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

export interface CheckedProgram {
  readonly name: string;
  /** What went wrong in each image, by its last lines; undefined where nothing did. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The interpreter of the engine's program: a script names it in its first line. */
const interpreter = `python=$(head -n 1 "$(command -v "$0")" | sed -n 's|^#! *||p' | cut -d' ' -f1); [ -x "$python" ] || exit 127; "$python"`;

/** By the shell alone: what it looks for may be what another program lacks. */
const missingLibraries = `linked=$(ldd "$(command -v "$0")") || exit 127
case "$linked" in *"not found"*) ;; *) exit 0 ;; esac
printf '%s\\n' "$linked" | while read -r line; do case "$line" in *"not found"*) echo "$line" ;; esac; done
exit 1`;

/** What Python calls each engine that is written in it. */
const modules: Readonly<Record<string, string>> = {
  vllm: 'vllm',
  sglang: 'sglang',
  fastchat: 'fastchat',
  transformers: 'transformers',
};

const shell = (script: string, ...given: string[]): Check['command'] => ['sh', '-c', script, ...given];

function checksOf({ name, command }: EngineProfile): readonly Check[] {
  const [program = ''] = command;
  const module = modules[name];
  return [
    { name: 'the engine says its version', command: [program, ...command.slice(1), '--version'] },
    {
      name: 'every library that it is linked with is there',
      command: shell(missingLibraries, program),
    },
    ...(module === undefined
      ? []
      : [
          { name: `Python imports ${module}`, command: shell(`${interpreter} -c 'import ${module}'`, program) },
          { name: 'the Python packages fit one another', command: shell(`${interpreter} -m pip check`, program) },
        ]),
  ];
}

/** Milliseconds; importing what a GPU engine is made of takes a minute on a small machine. */
const longest = 300_000;

/** The same checks of two images. One that the first image does not pass says nothing of the second, but that it was no better. */
export async function checkPrograms(
  docker: DockerEngine,
  images: { readonly before: string; readonly after: string },
  profile: EngineProfile,
  signal: AbortSignal,
): Promise<readonly CheckedProgram[]> {
  const results: CheckedProgram[] = [];
  for (const { name, command } of checksOf(profile)) {
    const wrong = async (image: string) => {
      const { environment } = profile;
      const { exitCode, lines } = await runOnce(docker, { image, command, environment, timeout: longest, signal });
      return exitCode === 0 ? undefined : `exit code ${exitCode}: ${lines.slice(-3).join(' ')}`;
    };
    results.push({ name, before: await wrong(images.before), after: await wrong(images.after) });
  }
  return results;
}
