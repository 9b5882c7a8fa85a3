import { redaction } from '../redacted.ts';

/** Characters of the shortest text that is taken out: a shorter one would be found in words that have nothing to do with it. */
const shortest = 6;

/** Takes the values of build secrets out of what a build prints, and each line of one that has several. */
export function withoutSecrets(secrets: ReadonlyMap<string, Uint8Array> | undefined): (text: string) => string {
  const texts = [...(secrets?.values() ?? [])].flatMap(value => {
    const text = Buffer.from(value).toString('utf8');
    return [text, ...text.split('\n')].map(part => part.trim()).filter(part => part.length >= shortest);
  });
  const longestFirst = [...new Set(texts)].sort((a, b) => b.length - a.length);
  return text => longestFirst.reduce((rest, secret) => rest.replaceAll(secret, redaction), text);
}
