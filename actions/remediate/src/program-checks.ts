import { engineProgram } from '@fairway/engines';
import type { Service } from '@fairway/service';
import type { EngineName } from '@fairway/service/engine-names';
import { argumentsRead, faultMark, packagesFit, packagesLinked } from './python-checks.ts';

/** Something that the programs of an image must do without the hardware that they are for. It ends with 0, and may name faults in lines of their own. */
export interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

interface PythonParts {
  /** A program whose first line names the interpreter; without it, the engine's own. */
  readonly program?: string;
  readonly modules: readonly string[];
}

/** What of each engine is written in Python. */
const python: Readonly<Partial<Record<EngineName, PythonParts>>> = {
  vllm: { modules: ['vllm', 'vllm.entrypoints.openai.api_server'] },
  sglang: { modules: ['sglang', 'sglang.launch_server'] },
  fastchat: { modules: ['fastchat', 'fastchat.serve.model_worker', 'fastchat.serve.openai_api_server'] },
  transformers: { modules: ['transformers', 'torch'] },
  // the launcher is not, and starts this
  tgi: { program: 'text-generation-server', modules: ['text_generation_server', 'text_generation_server.cli'] },
};

/** Runs a script in the interpreter of a program, with the words that follow. */
const inPython = `case "$0" in
  python*) python=$0 ;;
  *)
    IFS= read -r line < "$(command -v "$0")" || exit 127
    case "$line" in '#!'*) ;; *) exit 127 ;; esac
    python=$(echo \${line#??})
    python=\${python#*/env }
    python=\${python%% *} ;;
esac
exec "$python" -c "$@"`;

/** By the shell alone: what it looks for may be what another program lacks. */
const linked = `linked=$(ldd "$(command -v "$0")" 2>&1)
case "$linked" in *'=>'* | *'Error loading'* | *ld-musl*) ;; *) exit 127 ;; esac
printf '%s\\n' "$linked" | while read -r line; do
  case "$line" in *'not found'* | *'Error loading'*) echo "${faultMark}\${line% (*}" ;; esac
done`;

/** The same way of Python packages to say their version, whether or not their program has an argument for it. */
const imported = 'import importlib, sys; print(getattr(importlib.import_module(sys.argv[1]), "__version__", ""))';

export function programChecks(service: Service): readonly Check[] {
  const program = engineProgram(service);
  const [first = ''] = program;
  const parts = python[service.engine.name];
  const interpreted = (script: string, ...given: readonly string[]): Check['command'] =>
    [...['sh', '-c', inPython, parts?.program ?? first], ...[script, ...given]] as [string, ...string[]];
  const own = parts !== undefined && parts.program === undefined;
  return [
    ...(own
      ? [
          {
            name: 'the engine reads its arguments',
            command: interpreted(argumentsRead, ...(first.startsWith('python') ? program.slice(1) : program)),
          },
        ]
      : [
          { name: 'the engine says its version', command: [first, '--version'] as const },
          // both of them read what stands before it first
          { name: 'the engine reads its arguments', command: [first, ...program.slice(1), '--version'] as const },
          { name: 'every library that it is linked with is there', command: ['sh', '-c', linked, first] as const },
        ]),
    ...(parts === undefined
      ? []
      : [
          ...parts.modules.map(module => ({
            name: `Python imports ${module}`,
            command: interpreted(imported, module),
          })),
          {
            name: 'every library that Python packages are linked with is there',
            command: interpreted(packagesLinked),
          },
          { name: 'the Python packages fit one another', command: interpreted(packagesFit) },
        ]),
  ];
}
