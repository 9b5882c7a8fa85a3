import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ConfigurationError } from './configuration-error.ts';
import { describeIssue } from './issue-text.ts';
import { requireRegularFile } from './regular-file.ts';
import { text } from './schema-values.ts';
import { systemErrorCode } from './system-error.ts';
import { utf8 } from './text-file.ts';
import { reasonOf } from './reasons/delivery-reason.ts';
import { rule } from './rule.ts';

const component = z.object({
  '@id': z.string().optional(),
  identifiers: z.record(z.string(), z.string()).optional(),
  hashes: z.record(z.string(), z.string()).optional(),
});

const time = z.iso.datetime({ offset: true, ...rule(reasonOf('rule.time')) });

const statement = z
  .object({
    vulnerability: z.object({ name: text, aliases: z.array(text).optional() }),
    timestamp: time.optional(),
    products: z.array(component.extend({ subcomponents: z.array(component).optional() })).min(1),
    status: z.enum(['not_affected', 'affected', 'fixed', 'under_investigation']),
    justification: z
      .enum([
        'component_not_present',
        'vulnerable_code_not_present',
        'vulnerable_code_not_in_execute_path',
        'vulnerable_code_cannot_be_controlled_by_adversary',
        'inline_mitigations_already_exist',
      ])
      .optional(),
    impact_statement: text.optional(),
  })
  .refine(
    ({ status, justification, impact_statement }) => status !== 'not_affected' || justification || impact_statement,
    {
      ...rule(reasonOf('rule.justified')),
      params: { silent: true },
    },
  );

const document = z.object({
  '@context': z.string().regex(/^https:\/\/openvex\.dev\/ns(\/v0\.2\.\d+)?$/, rule(reasonOf('rule.vexContext'))),
  timestamp: time,
  statements: z.array(statement).min(1),
});

/** A statement of an OpenVEX 0.2.0 document: whether a vulnerability concerns products. */
export type VexStatement = z.output<typeof statement> & {
  /** RFC 3339; that of the document where the statement has none. */
  readonly timestamp: string;
  /** The document, as fairway.yaml names it. */
  readonly file: string;
};

/**
 * Reads OpenVEX documents.
 * @param files relative to `folder`
 * @returns the statements of all of them, in their order
 * @throws ConfigurationError for a file that is not there or is no OpenVEX 0.2.0 document
 * @see https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md
 */
export async function readVex(folder: string, files: readonly string[]): Promise<readonly VexStatement[]> {
  const read = await Promise.all(
    files.map(async file => {
      const { timestamp, statements } = parseVex(await vexText(folder, file), join(folder, file));
      return statements.map(one => ({ ...one, timestamp: one.timestamp ?? timestamp, file }));
    }),
  );
  return read.flat();
}

async function vexText(folder: string, file: string): Promise<string> {
  await requireRegularFile(join(folder, file));
  try {
    // what Windows writes may begin with a byte order mark
    return utf8(await readFile(join(folder, file)), join(folder, file)).replace(/^\uFEFF/, '');
  } catch (error) {
    const code = systemErrorCode(error);
    if (code !== 'ENOENT' && code !== 'EISDIR' && code !== 'EACCES') throw error;
    throw new ConfigurationError(reasonOf('vex.unread', { file: join(folder, file), errno: code }));
  }
}

function parseVex(content: string, file: string): z.output<typeof document> {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw new ConfigurationError(reasonOf('vex.noJson', { words: (error as Error).message }), {
      file,
    });
  }
  const parsed = document.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap(issue => describeIssue(issue, value));
  const [first, ...further] = problems.map(({ message }) => ({ message, at: { file } }));
  throw new ConfigurationError(reasonOf('vex.other', { problem: first?.message ?? '' }), { file }, further);
}
