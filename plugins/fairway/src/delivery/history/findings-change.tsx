import { Text } from '@backstage/ui';
import type { Delivery } from '@fairway/backstage-plugin-fairway-common';
import type { Evidence } from '@fairway/stage/record';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { findingKey, findingsSchema } from '../evidence/findings-schema.ts';
import { readEvidence } from '../evidence/read-evidence.ts';
import { useEvidence } from '../evidence/use-evidence.ts';

/** Which findings came and which went, when the portal keeps the scans of both deliveries. */
export function FindingsChange({ older, newer }: { readonly older: Delivery; readonly newer: Delivery }) {
  const { t } = useFairwayText();
  const was = keysOf(useEvidence(older, lastScan(older)).value?.content);
  const is = keysOf(useEvidence(newer, lastScan(newer)).value?.content);
  if (!was || !is) return null;
  const came = [...is].filter(key => !was.has(key));
  const went = [...was].filter(key => !is.has(key));
  return [{ text: 'diff.came', keys: came } as const, { text: 'diff.went', keys: went } as const]
    .filter(({ keys }) => keys.length > 0)
    .map(({ text, keys }) => (
      <Text key={text}>{t(text, { amount: String(keys.length), findings: keys.slice(0, 20).join(', ') })}</Text>
    ));
}

/** The scan of the image that was delivered: after the fix when there was one. */
function lastScan({ record: { stages } }: Delivery): Evidence | undefined {
  return (
    stages.remediate?.evidence.find(({ path }) => path.endsWith('/findings-after.json')) ??
    stages.scan?.evidence.find(({ path }) => path.endsWith('/findings.json'))
  );
}

function keysOf(content: string | undefined): ReadonlySet<string> | undefined {
  if (content === undefined) return undefined;
  const read = readEvidence(findingsSchema, content);
  return 'value' in read ? new Set(read.value.findings.map(findingKey)) : undefined;
}
