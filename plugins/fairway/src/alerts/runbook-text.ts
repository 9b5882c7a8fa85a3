import texts from './runbooks.json';

/** As the rules of `monitor` and the portal name runbooks, with or without the address of a repository before it. */
const path = /(?:^|\/)docs\/runbooks\/([a-z-]+\.md)$/;
const runbooks: ReadonlyMap<string, string> = new Map(Object.entries(texts));

/**
 * A runbook of Fairway's own as Markdown, without its heading; undefined for those of others. Its links inside the repository go to
 * where it lies, or are words where that is not known.
 * @param address what the alert names
 */
export function runbookText(address: string): string | undefined {
  const text = runbooks.get(path.exec(address)?.[1] ?? '');
  const base = URL.canParse(address) ? address : undefined;
  return text?.replace(/^# .*\n+/, '').replaceAll(/\[([^\]]+)\]\(([^)]+)\)/g, (link, words: string, to: string) => {
    if (URL.canParse(to)) return link;
    return base === undefined ? words : `[${words}](${new URL(to, base).href})`;
  });
}
