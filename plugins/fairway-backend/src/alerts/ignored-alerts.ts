import type { Config } from '@backstage/config';

type Labels = Readonly<Record<string, string>>;

const form = /^\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"{}]*))\s*$/;

/**
 * Which alerts the portal leaves out, by `fairway.alerts.ignore`: those for which all matchers of one entry are true.
 * @throws Error that names the matcher which is none
 */
export function ignoredAlerts(config: Config): (labels: Labels) => boolean {
  const entries = (config.getOptionalConfigArray('fairway.alerts.ignore') ?? []).map((entry, index) => {
    const matchers = entry.getStringArray('matchers');
    if (matchers.length === 0)
      throw new Error(
        `fairway.alerts.ignore[${index}] of the app-config has no matchers, which would leave out every alert. Give one such as 'alertname="Watchdog"'.`,
      );
    return matchers.map(text => matcher(text, `fairway.alerts.ignore[${index}].matchers`));
  });
  return labels => entries.some(matchers => matchers.every(matches => matches(labels)));
}

/** As Alertmanager has them: a label that is absent has an empty value, and an expression stands for the whole of it. */
function matcher(text: string, place: string): (labels: Labels) => boolean {
  const [, name, operator = '', quoted, bare] = form.exec(text) ?? [];
  const value = quoted?.replace(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one)) ?? bare;
  if (name === undefined || value === undefined)
    throw new Error(
      `${place} of the app-config has ${JSON.stringify(text)}, which is no matcher of Alertmanager. Write one such as 'alertname="Watchdog"', 'namespace=~"kube-.*"' or 'severity!="page"'.`,
    );
  const wanted = !operator.startsWith('!');
  if (!operator.endsWith('~')) return labels => ((labels[name] ?? '') === value) === wanted;
  const whole = expression(value, place);
  return labels => whole.test(labels[name] ?? '') === wanted;
}

function expression(value: string, place: string): RegExp {
  try {
    return new RegExp(`^(?:${value})$`, 's');
  } catch (error) {
    throw new Error(`${place} of the app-config: ${(error as Error).message}.`, { cause: error });
  }
}
