import { compareDebianVersions } from '@fairway/clients/scanner/debian-version';

/** A fix that a package's own changelog names. */
export interface ChangelogFix {
  /** Version of the source package with the fix. */
  readonly version: string;
  /** What the maintainer wrote: low, medium, high, emergency or critical. */
  readonly urgency: string;
  /** The changelog's sentence, blanks folded, at most 200 characters. */
  readonly text: string;
}

/**
 * The vulnerabilities that a Debian changelog says were fixed, by identifier. Where several entries name one, the newest
 * counts: earlier fixes are mostly repaired by it. A sentence that says a package is not affected names no fix.
 */
export function changelogFixes(changelog: string): ReadonlyMap<string, ChangelogFix> {
  const fixes = new Map<string, ChangelogFix>();
  let entry: { version: string; urgency: string } | undefined;
  let oldest: string | undefined;
  let item: string[] = [];
  const close = () => {
    const text = item
      .join(' ')
      .replace(/\s+/g, ' ')
      .replace(/^[\s*-]+/, '')
      .trim();
    item = [];
    if (!entry || /\bnot (affected|vulnerable)\b/i.test(text)) return;
    for (const [id] of text.matchAll(/CVE-\d{4}-\d{4,}/g)) {
      if (!fixes.has(id)) fixes.set(id, { ...entry, text: text.length > 200 ? `${text.slice(0, 199)}…` : text });
    }
  };
  for (const line of changelog.split('\n')) {
    const head = /^(\S+) \(([^)]+)\) [^;]+;.*\burgency=(\w+)/.exec(line);
    if (head?.[2] && head[3]) {
      close();
      // an entry above an other one contains it, also where its version is lower (a rebuild "1.0-4~deb12u1" of "1.0-4")
      if (oldest === undefined || compareDebianVersions(head[2], oldest) < 0) oldest = head[2];
      entry = { version: oldest, urgency: head[3].toLowerCase() };
    } else if (/^ -- /.test(line)) {
      close();
      entry = undefined;
    } else {
      if (/^\s+[*+-] /.test(line) || line.trim() === '') close();
      item.push(line);
    }
  }
  close();
  return fixes;
}
