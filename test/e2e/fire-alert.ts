/** Fires an alert that ends by itself soon. */
export async function fireAlert(alertmanager: string, labels: Readonly<Record<string, string>>): Promise<void> {
  const endsAt = new Date(Date.now() + 120_000).toISOString();
  const annotations = { summary: `${labels['alertname']} was fired by a test` };
  const answer = await fetch(`${alertmanager}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ labels, annotations, endsAt }]),
  });
  if (!answer.ok) throw new Error(`Alertmanager answered ${answer.status}: ${await answer.text()}`);
}
