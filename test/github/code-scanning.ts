import { gunzipSync } from 'node:zlib';
import { notFound, ok } from './answer.ts';
import type { Answer, Operations } from './answer.ts';
import { addressOf } from './repository.ts';
import type { RepositoryFacts } from './repository.ts';

/** What GitHub's documentation says that code scanning takes, and how much of it. @see https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning */
const limits = {
  compressed: 10_000_000,
  runs: 20,
  results: 25_000,
  rules: 25_000,
  locations: 1_000,
  tags: 20,
} as const;

interface Run {
  readonly tool: { readonly driver: { readonly name: string; readonly rules?: readonly Rule[] } };
  readonly results: readonly Result[];
  readonly automationDetails?: { readonly id: string };
}

interface Rule {
  readonly id: string;
  readonly shortDescription?: { readonly text?: string };
  readonly properties?: { readonly tags?: readonly string[]; readonly 'security-severity'?: string };
}

export interface Result {
  readonly ruleId: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region?: { readonly startLine: number };
    };
  }[];
  readonly partialFingerprints?: Readonly<Record<string, string>>;
}

export interface Sarif {
  readonly version: string;
  readonly runs: readonly Run[];
}

export interface Analysis {
  readonly id: string;
  readonly ref: string;
  readonly commit: string;
  readonly sarif: Sarif;
}

/** @param analyses what was uploaded */
export function codeScanningOperations(
  facts: RepositoryFacts,
  analyses: Analysis[],
  isKnown: (commit: string) => boolean,
): Operations {
  return {
    'code-scanning/upload-sarif'({ body }) {
      const compressed = Buffer.from(String(body['sarif']), 'base64');
      if (compressed.toString('base64') !== body['sarif']) return rejected('the sarif field is not Base64');
      if (compressed.length > limits.compressed)
        return { status: 413, body: { message: `the sarif field has more than ${limits.compressed} bytes` } };
      let sarif: Sarif;
      try {
        sarif = JSON.parse(gunzipSync(compressed).toString()) as Sarif;
      } catch (error) {
        return rejected(`the sarif field is not JSON that gzip compressed: ${(error as Error).message}`);
      }
      const problem = problemOf(sarif);
      if (problem !== undefined) return rejected(problem);
      const commit = String(body['commit_sha']);
      if (!isKnown(commit)) return rejected(`commit not found: ${commit}`);
      const id = `00000000-0000-0000-0000-${String(analyses.length + 1).padStart(12, '0')}`;
      analyses.push({ id, ref: String(body['ref']), commit, sarif });
      return { status: 202, body: { id, url: `${addressOf(facts)}/code-scanning/sarifs/${id}` } };
    },
    'code-scanning/get-sarif'({ path }) {
      const analysis = analyses.find(({ id }) => id === path['sarif_id']);
      if (!analysis) return notFound;
      return ok({
        processing_status: 'complete',
        analyses_url: `${addressOf(facts)}/code-scanning/analyses?sarif_id=${analysis.id}`,
        errors: null,
      });
    },
  };
}

const rejected = (message: string): Answer => ({ status: 400, body: { message } });

/** Why code scanning would not take or not show a document; undefined when it would. */
function problemOf({ version, runs }: Sarif): string | undefined {
  if (version !== '2.1.0') return `SARIF of the version ${version}`;
  if (runs.length > limits.runs) return `${runs.length} runs`;
  for (const { tool, results } of runs) {
    const { name, rules = [] } = tool.driver;
    if (!name) return 'a run of a tool without a name';
    if (results.length > limits.results) return `${results.length} results`;
    if (rules.length > limits.rules) return `${rules.length} rules`;
    for (const rule of rules) {
      if (!rule.shortDescription?.text) return `the rule ${rule.id} has no description`;
      if ((rule.properties?.tags ?? []).length > limits.tags) return `the rule ${rule.id} has too many tags`;
      const severity = Number(rule.properties?.['security-severity'] ?? 0);
      if (!(severity >= 0 && severity <= 10)) return `the rule ${rule.id} has a severity that is no score`;
    }
    for (const result of results) {
      if (!result.message.text) return `a result of ${result.ruleId} has no text`;
      if (result.locations.length < 1 || result.locations.length > limits.locations)
        return `a result of ${result.ruleId} has ${result.locations.length} locations`;
      const outside = result.locations.find(({ physicalLocation }) =>
        /^(\/|[a-z]+:|\.\.\/)/.test(physicalLocation.artifactLocation.uri),
      );
      if (outside) return `a result of ${result.ruleId} is not in a file of the repository`;
      if (!rules.some(({ id }) => id === result.ruleId)) return `a result of ${result.ruleId}, which is no rule`;
    }
  }
  return undefined;
}
