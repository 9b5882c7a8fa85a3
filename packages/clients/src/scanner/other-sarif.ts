import * as z from 'zod';
import type { OtherFinding, OtherReport } from './other-findings.ts';
import { cveFirst, fixIn, severityOfScore, severityOfWord } from './other-words.ts';
import { packageUrl } from './package-kind.ts';

const properties = z
  .object({
    purls: z.array(z.string()).nullish(),
    purl: z.string().nullish(),
    fixed_version: z.string().nullish(),
    cvssV3_severity: z.string().nullish(),
    'security-severity': z.union([z.string(), z.number()]).nullish(),
  })
  .partial()
  .nullish();

const message = z.object({ text: z.string().optional(), markdown: z.string().optional() });

const rule = z.object({
  id: z.string(),
  shortDescription: message.optional(),
  fullDescription: message.optional(),
  help: message.optional(),
  helpUri: z.string().optional(),
  defaultConfiguration: z.object({ level: z.string().optional() }).optional(),
  properties,
});

const component = z.object({ name: z.string(), rules: z.array(rule).nullish() });

const result = z.object({
  ruleId: z.string().optional(),
  ruleIndex: z.number().optional(),
  rule: z.object({ id: z.string().optional(), index: z.number().optional() }).optional(),
  kind: z.string().optional(),
  baselineState: z.string().optional(),
  level: z.string().optional(),
  message: message,
  locations: z
    .array(
      z.object({
        logicalLocations: z.array(z.object({ fullyQualifiedName: z.string().optional() })).nullish(),
      }),
    )
    .nullish(),
  properties,
});

const log = z.object({
  runs: z.array(
    z.object({
      tool: z.object({ driver: component, extensions: z.array(component).nullish() }),
      results: z.array(result).nullish(),
    }),
  ),
});

type Rule = z.output<typeof rule>;
type Result = z.output<typeof result>;

/**
 * The results of a SARIF 2.1.0 document that are about packages. SARIF has no place for one, so it is read where scanners of images have it: in the
 * property `purls` or `purl` (Docker Scout, Grype), in lines such as "Package: zlib1g" (Trivy, Grype), or in a logical name such as `zlib@1.2.13` (Snyk).
 */
export function sarifFindings(value: unknown): Pick<OtherReport, 'tool' | 'findings'> {
  const { runs } = log.parse(value);
  const findings = runs.flatMap(({ tool: { driver, extensions }, results }) => {
    const rules = [driver, ...(extensions ?? [])].flatMap(one => one.rules ?? []);
    // a result may name its rule by the index alone, of the driver's where it says no other (3.27.6)
    const ruleOf = ({ ruleId, ruleIndex, rule: named }: Result) =>
      rules.find(({ id }) => id === (ruleId ?? named?.id)) ?? driver.rules?.[ruleIndex ?? named?.index ?? -1];
    return (results ?? [])
      .filter(({ kind = 'fail', baselineState }) => kind === 'fail' && baselineState !== 'absent')
      .flatMap(one => findingsOf(one, ruleOf(one)));
  });
  const names = new Set(runs.map(({ tool }) => tool.driver.name));
  return { tool: [...names].join(' and ') || 'an unnamed tool', findings };
}

function findingsOf(found: Result, of: Rule | undefined): readonly OtherFinding[] {
  const id = found.ruleId ?? found.rule?.id ?? of?.id;
  if (id === undefined) throw new Error('a result of it names no rule');
  const [first, ...more] = packagesOf(found, of);
  if (first === undefined)
    throw new Error(
      `the result ${JSON.stringify(id)} names no package: neither the property purls, nor a line "Package: …", nor a logical name with "@"`,
    );
  const said = [found.properties?.['security-severity'], of?.properties?.['security-severity']].find(
    one => (one ?? undefined) !== undefined,
  );
  const score = said === undefined ? undefined : Number(said);
  const level = found.level ?? of?.defaultConfiguration?.level ?? 'warning';
  const severity =
    severityOfWord(of?.properties?.cvssV3_severity ?? labelled('Severity', found, of)) ??
    severityOfScore(score) ??
    ({ error: 'high', warning: 'medium' } as const)[level] ??
    'low';
  const title = of?.shortDescription?.text?.split('\n', 1)[0]?.slice(0, 200);
  return [first, ...more].map(one => {
    const fixed = fixOf(found, of, one);
    return {
      ids: idsOf(id, of),
      severity,
      package: one,
      ...(fixed ? { fixed } : {}),
      ...(title ? { title } : {}),
      ...(of?.helpUri ? { url: of.helpUri } : {}),
    };
  });
}

const known = /\b(?:CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3}|(?:GO|PYSEC|RUSTSEC)-\d{4}-\d+)/;

/** Grype appends the package to the rule (CVE-2026-1-zlib), and Snyk puts the CVE before the package into the description. */
function idsOf(id: string, of: Rule | undefined): [string, ...string[]] {
  const [own] = known.exec(id) ?? [];
  if (own !== undefined) return [own];
  const [, before = ''] = /^\(([^)]*)\)/.exec(of?.fullDescription?.text ?? '') ?? [];
  return cveFirst([id, ...before.split(/[\s,]+/).filter(one => known.test(one))]);
}

function packagesOf(found: Result, of: Rule | undefined): readonly OtherFinding['package'][] {
  const purls = [found.properties, of?.properties]
    .map(one => [...(one?.purls ?? []), ...(one?.purl ? [one.purl] : [])].filter(packageUrl))
    .find(({ length }) => length > 0);
  if (purls) return purls.map(purl => ({ purl }));
  const name = labelled('Package', found, of);
  const version = labelled('(?:Installed )?Version', found, of);
  if (name !== undefined) return [{ name, ...(version === undefined ? {} : { version }) }];
  const logical = found.locations?.flatMap(one => one.logicalLocations ?? []) ?? [];
  return logical.flatMap(({ fullyQualifiedName = '' }) => {
    const [, whole, at] = /^(.+)@([^@]+)$/.exec(fullyQualifiedName) ?? [];
    return whole === undefined || at === undefined ? [] : { name: whole, version: at };
  });
}

function fixOf(found: Result, of: Rule | undefined, one: OtherFinding['package']): string | undefined {
  const said =
    found.properties?.fixed_version ?? of?.properties?.fixed_version ?? labelled('Fix(?:ed)? Version', found, of);
  if (said === undefined)
    return fixIn(of?.help?.markdown ?? of?.help?.text ?? '', 'name' in one ? one.name : undefined);
  // "not fixed" of Docker Scout, "none" of others
  return /\d/.test(said) ? said : undefined;
}

function labelled(label: string, { message: { text = '' } }: Result, of: Rule | undefined): string | undefined {
  const line = new RegExp(`^\\s*${label}:[ \\t]*(\\S.*?)\\s*$`, 'im');
  return [text, of?.help?.text ?? ''].map(one => line.exec(one)?.[1]).find(one => one !== undefined);
}
