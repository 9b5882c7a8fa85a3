import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { leavingFiles } from './source-files.ts';

/** A place that holds what looks like a secret. The value itself is never kept. */
export interface SecretFound {
  /** Relative to the service folder. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What it looks like, such as "a GitHub token". */
  readonly kind: string;
}

/** Known formats of secrets, each with a fixed beginning and length: few false alarms. */
export const secretFormats: readonly (readonly [kind: string, format: RegExp])[] = [
  ['a private key', /-----BEGIN (?:[A-Z0-9]+ ){0,2}PRIVATE KEY(?: BLOCK)?-----/],
  ['an AWS access key', /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b/],
  ['a GitLab token', /\bglpat-[\w-]{20,}/],
  ['a Hugging Face token', /\bhf_[A-Za-z0-9]{34,}\b/],
  ['an OpenAI key', /\bsk-(?:[a-z]+-)?[\w-]{16,}T3BlbkFJ[\w-]{16,}/],
  ['an Anthropic key', /\bsk-ant-[a-z0-9]+-[\w-]{80,}/],
  ['a Slack token', /\bxox[abeprs]-[A-Za-z0-9-]{10,}|\bhttps:\/\/hooks\.slack\.com\/services\/T\w+\/B\w+\/\w{16,}/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['a PyPI token', /\bpypi-AgEIcHlwaS5vcmc[\w-]{50,}/],
  ['a Vault token', /\bhv[sb]\.[\w-]{24,}/],
  ['a Google API key', /\bAIza[\w-]{35}\b/],
];

const largest = 1024 * 1024;
const allowed = /fairway:allow-secret\s+\S+/;

/**
 * Looks through the files that may leave the machine (git keeps them, or Docker would send them) for known formats of secrets. Binary files and files over 1 MiB are passed over. A line is
 * let through when it or the line before says `fairway:allow-secret <reason>`.
 */
export async function findSecrets(folder: string, signal?: AbortSignal): Promise<SecretFound[]> {
  const found: SecretFound[] = [];
  for (const { path, kind } of await leavingFiles(folder)) {
    signal?.throwIfAborted();
    const absolute = join(folder, path);
    if (kind === 'link' || (await lstat(absolute)).size > largest) continue;
    const content = await readFile(absolute);
    if (content.subarray(0, 8192).includes(0)) continue;
    found.push(...secretsIn(content.toString('utf8')).map(place => ({ file: path, ...place })));
  }
  return found;
}

function secretsIn(text: string): Omit<SecretFound, 'file'>[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (allowed.test(line) || allowed.test(lines[index - 1] ?? '')) return [];
    return secretFormats.flatMap(([kind, format]) => {
      const match = format.exec(line);
      return match && !isPlaceholder(match[0]) ? [{ line: index + 1, column: match.index + 1, kind }] : [];
    });
  });
}

/** `hf_xxxxxxxx…`, `AKIAIOSFODNN7EXAMPLE`: what documentation shows instead of a secret. */
function isPlaceholder(value: string): boolean {
  return /EXAMPLE$/.test(value) || /(.)\1{9}/.test(value.replace(/^-+|-+$/g, ''));
}
