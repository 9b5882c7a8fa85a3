import { OfEntity } from '../view/of-entity.tsx';
import { Logs } from './logs.tsx';

/** The tab of an entity: the logs of its service. */
export function LogsTab() {
  return <OfEntity>{of => <Logs {...of} />}</OfEntity>;
}
