import { gpuClasses, type GpuClass } from './gpu-classes.ts';
import { gibibyte } from './gibibyte.ts';

interface MigTable {
  readonly profiles: readonly string[];
  /** GiB that an instance has less than its part of the memory, the most seen. */
  readonly lost: number;
}

const of40 = { profiles: ['1g.5gb', '1g.10gb', '2g.10gb', '3g.20gb', '4g.20gb', '7g.40gb'], lost: 0.25 };
const of96 = { profiles: ['1g.12gb', '1g.24gb', '2g.24gb', '3g.48gb', '4g.48gb', '7g.96gb'], lost: 0.5 };
const of80 = { profiles: ['1g.10gb', '1g.20gb', '2g.20gb', '3g.40gb', '4g.40gb', '7g.80gb'], lost: 0.5 };

// Profiles: https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html, and for B300 and GH200 with 144 GB the release
// notes of NVIDIA's GPU operator 25.10; A800 and H800 are A100 and H100 with slower
// links. Lost: what `nvidia-smi mig -lgip` and CUDA report, such as 4.75 GiB for 1g.5gb, 9.50 and 9.62 for 1g.10gb of A100 and H100, 16.0 for
// 1g.18gb, 5.75 for 1g.6gb. For B200, B300, GH200 and RTX PRO 6000 nobody has published a figure: the part that H200 loses.
// GB200 and GB300 have none here: the names of their profiles differ by driver.
const tables: Readonly<Record<string, MigTable>> = {
  'nvidia-a30-24gb': { profiles: ['1g.6gb', '2g.12gb', '4g.24gb'], lost: 0.25 },
  'nvidia-a100-40gb': of40,
  'nvidia-a800-40gb': of40,
  'nvidia-a100-80gb': of80,
  'nvidia-a800-80gb': of80,
  'nvidia-h100-80gb': of80,
  'nvidia-h800-80gb': of80,
  'nvidia-h100-94gb': { profiles: ['1g.12gb', '1g.24gb', '2g.24gb', '3g.47gb', '4g.47gb', '7g.94gb'], lost: 0.5 },
  'nvidia-h20-96gb': of96,
  'nvidia-gh200-96gb': of96,
  'nvidia-gh200-144gb': { profiles: ['1g.18gb', '1g.36gb', '2g.36gb', '3g.72gb', '4g.72gb', '7g.144gb'], lost: 1.5 },
  'nvidia-h200-141gb': { profiles: ['1g.18gb', '1g.35gb', '2g.35gb', '3g.71gb', '4g.71gb', '7g.141gb'], lost: 1.5 },
  'nvidia-b200-180gb': { profiles: ['1g.23gb', '1g.45gb', '2g.45gb', '3g.90gb', '4g.90gb', '7g.180gb'], lost: 2 },
  'nvidia-b300-288gb': { profiles: ['1g.34gb', '1g.67gb', '2g.67gb', '3g.135gb', '4g.135gb', '7g.269gb'], lost: 3 },
  'nvidia-rtx-pro-6000-96gb': { profiles: ['1g.24gb', '2g.48gb', '4g.96gb'], lost: 1 },
};

/** What `resources.gpu` of fairway.yaml asks for. */
export interface AskedGpu {
  readonly class: string;
  readonly mig?: { readonly profile: string; readonly strategy: 'mixed' | 'single' };
}

/** The MIG profiles of a class, the smallest first; none of one that cannot be divided. */
export function migProfiles(className: string): readonly string[] {
  return tables[className]?.profiles ?? [];
}

/** What one device of a pod is: a whole GPU of a class, or a MIG instance of one. Undefined for a class or profile that is not known. */
export function deviceOf({ class: name, mig }: AskedGpu): GpuClass | undefined {
  const whole = gpuClasses.get(name);
  if (!whole || !mig) return whole;
  const { profiles, lost } = tables[name] ?? { profiles: [], lost: 0 };
  if (!profiles.includes(mig.profile)) return undefined;
  // the name says the share of the memory, of which the whole has eight parts, an A30 four: 18 of 141 GB are one of eight
  const part = Math.round((8 * gigabytes(mig.profile)) / gigabytes(profiles.at(-1) ?? '')) / 8;
  return {
    ...whole,
    name: `${name} ${mig.profile}`,
    memoryBytes: part * whole.memoryBytes - lost * gibibyte,
    resource: mig.strategy === 'single' ? whole.resource : `nvidia.com/mig-${mig.profile}`,
    mig: { of: name, profile: mig.profile },
  };
}

function gigabytes(profile: string): number {
  return Number(/\.(\d+)gb$/.exec(profile)?.[1]);
}
