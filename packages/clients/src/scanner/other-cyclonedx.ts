import * as z from 'zod';
import { findingSeverities } from './finding.ts';
import type { FindingSeverity } from './finding.ts';
import type { OtherFinding, OtherReport } from './other-findings.ts';
import { cveFirst, fixIn, severityOfScore, severityOfWord } from './other-words.ts';
import { packageUrl } from './package-kind.ts';

const tool = z.object({ name: z.string().optional() });

interface Component {
  readonly 'bom-ref'?: string;
  readonly group?: string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly components?: readonly Component[];
}

const component: z.ZodType<Component> = z.lazy(() =>
  z.object({
    'bom-ref': z.string().optional(),
    group: z.string().optional(),
    name: z.string(),
    version: z.string().optional(),
    purl: z.string().optional(),
    components: z.array(component).optional(),
  }),
);

const vulnerability = z.object({
  id: z.string().min(1),
  source: z.object({ url: z.string().optional() }).optional(),
  references: z.array(z.object({ id: z.string() })).optional(),
  ratings: z.array(z.object({ severity: z.string().optional(), score: z.number().optional() })).optional(),
  description: z.string().optional(),
  recommendation: z.string().optional(),
  advisories: z.array(z.object({ url: z.string() })).optional(),
  affects: z
    .array(
      z.object({
        ref: z.string(),
        versions: z.array(z.object({ version: z.string().optional(), status: z.string().optional() })).nullish(),
      }),
    )
    .nullish(),
});

const bom = z.object({
  bomFormat: z.literal('CycloneDX'),
  metadata: z
    .object({
      tools: z.union([z.array(tool), z.object({ components: z.array(tool).optional() })]).optional(),
      component: component.optional(),
    })
    .optional(),
  components: z.array(component).nullish(),
  vulnerabilities: z.array(vulnerability).nullish(),
});

/**
 * The vulnerabilities of a CycloneDX document. The fix is what `affects` names as `unaffected`, else the version in the recommendation.
 * @see https://cyclonedx.org/docs/1.6/json/#vulnerabilities
 */
export function cycloneDxFindings(value: unknown): Pick<OtherReport, 'tool' | 'findings'> {
  const { metadata: { tools = [], component: whole } = {}, components, vulnerabilities } = bom.parse(value);
  // without the list nobody looked for any, which is not the same as nothing found
  if (!vulnerabilities) throw new Error('it has no `vulnerabilities`: it lists packages only');
  const wrote = 'length' in tools ? tools : (tools.components ?? []);
  const known = new Map(
    flat([...(whole ? [whole] : []), ...(components ?? [])]).map(one => [one['bom-ref'] ?? one.purl, one]),
  );
  const findings = vulnerabilities.flatMap(found =>
    (found.affects ?? []).flatMap(({ ref, versions }): OtherFinding[] => {
      // a BOM-Link ends with the reference in the other document
      const name = decodeURIComponent(/^urn:cdx:[^#]*#(.*)$/.exec(ref)?.[1] ?? ref);
      const one = known.get(ref) ?? known.get(name);
      const purl = [one?.purl, name].find(text => packageUrl(text));
      if (purl === undefined && one === undefined)
        throw new Error(
          `${found.id} affects ${JSON.stringify(ref)}, which is neither a component of it nor a package URL`,
        );
      const others = found.references?.map(({ id }) => id) ?? [];
      const unaffected = (versions ?? []).flatMap(({ version, status }) =>
        status === 'unaffected' ? (version ?? []) : [],
      );
      const fixed = unaffected.length ? unaffected.join(', ') : fixIn(found.recommendation ?? '', one?.name);
      const url = found.source?.url ?? found.advisories?.[0]?.url;
      return [
        {
          ids: cveFirst([found.id, ...others]),
          severity: worst(found.ratings ?? []),
          package: purl === undefined ? nameAndVersion(one!) : { purl },
          ...(fixed ? { fixed } : {}),
          ...(found.description ? { title: found.description.split('\n', 1)[0]!.slice(0, 200) } : {}),
          ...(url ? { url } : {}),
        },
      ];
    }),
  );
  const names = wrote.flatMap(({ name }) => name ?? []);
  return { tool: names.join(' and ') || 'an unnamed tool', findings };
}

function flat(components: readonly Component[]): readonly Component[] {
  return components.flatMap(one => [one, ...flat(one.components ?? [])]);
}

function nameAndVersion({ group, name, version }: Component) {
  return { name: group ? `${group}/${name}` : name, ...(version === undefined ? {} : { version }) };
}

function worst(ratings: readonly { readonly severity?: string; readonly score?: number }[]): FindingSeverity {
  const said = ratings.map(({ severity, score }) => severityOfWord(severity) ?? severityOfScore(score) ?? 'unknown');
  return findingSeverities.find(severity => said.includes(severity)) ?? 'unknown';
}
