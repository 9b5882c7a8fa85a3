import { stringify } from 'yaml';
import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Prometheus } from '@fairway/clients/prometheus/index';
import { serviceFiles } from '@fairway/targets/metrics/service-files';
import { putAllBack, putFiles } from './put.ts';
import { kubernetesAccess, scrapeFile } from './scrape.ts';
import { rulesDeadline, seeEngine, seeRules, targetDeadline, until } from './verify.ts';
import { derive, examine, header } from './derived.ts';
import type { Context, Derived, RunInputs, Watched } from './derived.ts';
import { refused, verified } from './verdicts.ts';

/** By files that Prometheus reads. */
export async function withFiles(
  server: Prometheus,
  directory: string,
  what: Watched,
  inputs: RunInputs,
  context: Context,
) {
  const { service, profile } = what;
  const place = serviceFiles(directory, service);
  const scrape = header + stringify(scrapeFile(service, profile, kubernetesAccess(await server.configuration())));
  const files = ({ rules }: Derived) =>
    new Map([
      [place.scrape, scrape],
      [place.rules, rules],
    ]);
  let derived = await examine(await derive(server, what), scrape, inputs.promtool, context);
  if (derived.problem) return refused(reasonOf('stage.ended', { sentence: derived.problem }), derived);

  context.log.progress('Prometheus reads the new files');
  const undo = [await putFiles(server, files(derived))];
  const looked = async (look: () => Promise<readonly Reason[]>, deadline: number) => {
    const missing = derived.problem ? [derived.problem] : await until(look, deadline, context.signal);
    if (missing.length === 0) return undefined;
    const seen = reasonOf('stage.ended', { sentence: listOf('list.also', missing) });
    return refused(listOf('list.then', [seen, await putAllBack(undo)]), derived);
  };
  if (profile.metricsPath) {
    context.log.progress('waiting until Prometheus scrapes the pods');
    const unseen = await looked(() => seeEngine(server, service, profile, inputs.revision, false), targetDeadline);
    if (unseen) return unseen;
    // only a scraped engine tells the bucket edges of its histograms: on a first delivery the rules change once more
    const again = await derive(server, what);
    if (again.rules !== derived.rules) {
      derived = await examine(again, scrape, inputs.promtool, context);
      if (!derived.problem) undo.push(await putFiles(server, files(again)));
    }
  }
  return (
    (await looked(() => seeRules(server, derived.groups), rulesDeadline)) ?? verified(server, what, derived, context)
  );
}
