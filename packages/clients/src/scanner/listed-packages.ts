import type { Finding } from './finding.ts';
import { kindOf, packageUrl, systems } from './package-kind.ts';

/** A package of an image, as its SBOM lists it. */
export interface ListedPackage extends Pick<
  Finding,
  'package' | 'ecosystem' | 'installed' | 'purl' | 'path' | 'layer'
> {
  /** What others call it: its name, with its namespace where that is of a language, and its source package. */
  readonly names: readonly string[];
  /** Type of its package URL. */
  readonly type: string;
}

/** The part of a CycloneDX document of Trivy or Grype that is read. */
interface Bom {
  readonly components?: readonly Component[];
  readonly dependencies?: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

interface Component {
  readonly 'bom-ref'?: string;
  readonly type: string;
  readonly group?: string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly properties?: readonly { readonly name: string; readonly value?: string }[];
}

/** The packages of an SBOM by Trivy or Grype, each with what it says beside the package URL. */
export function listedPackages(sbom: string): readonly ListedPackage[] {
  const { components = [], dependencies = [] } = JSON.parse(sbom) as Bom;
  const parts = new Map(dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
  const programOf = new Map<string | undefined, string>();
  const programs = components.filter(({ type, purl }) => type === 'application' && !purl);
  for (const { 'bom-ref': program = '', name } of programs) {
    // the modules of a program in Go are those of its main module
    const todo = [...(parts.get(program) ?? [])];
    for (const part of todo) {
      if (programOf.has(part)) continue;
      programOf.set(part, name);
      todo.push(...(parts.get(part) ?? []));
    }
  }
  return components.flatMap(component => {
    const { purl, version: installed } = component;
    const url = packageUrl(purl);
    if (purl === undefined || url === undefined || installed === undefined) return [];
    const { type, namespace, name } = url;
    const system = systems.has(type);
    const property = (...of: string[]) => component.properties?.find(one => of.includes(one.name))?.value;
    const source = property('aquasecurity:trivy:SrcName', 'syft:metadata:source');
    const path = system
      ? undefined
      : (property('aquasecurity:trivy:FilePath', 'syft:location:0:path') ?? programOf.get(component['bom-ref']));
    const layer = property('aquasecurity:trivy:LayerDiffID', 'syft:location:0:layerID');
    const whole = system || !namespace ? name : `${namespace}/${name}`;
    return {
      package: nameOf(component, type),
      ecosystem: property('aquasecurity:trivy:PkgType') ?? kindOf(purl).ecosystem,
      installed,
      purl,
      ...(path ? { path: path.replace(/^\/+/, '') } : {}),
      ...(layer ? { layer } : {}),
      // Snyk has both with a slash between
      names: [whole, component.name, ...(source ? [source, `${source}/${name}`] : [])],
      type,
    };
  });
}

/** As Trivy names it in its findings. */
function nameOf({ group, name }: Component, type: string): string {
  if (!group || name.startsWith(`${group}/`)) return name;
  return `${group}${type === 'maven' ? ':' : '/'}${name}`;
}
