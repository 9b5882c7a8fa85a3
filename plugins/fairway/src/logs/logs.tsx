import { useState } from 'react';
import { Alert, Button, Flex, Select, Text, TextField } from '@backstage/ui';
import { logLevels, logSpans } from '@fairway/backstage-plugin-fairway-common';
import type { LogSpan, ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';
import { Answer } from '../view/answer.tsx';
import { Empty } from '../view/empty.tsx';
import { isNotAllowed } from '../view/not-allowed.ts';
import type { ServiceOfEntity } from '../view/of-entity.tsx';
import { useOperation } from '../view/use-operation.ts';
import { LogTable } from './log-table.tsx';
import classes from './logs.module.css';

interface Search {
  readonly level: (typeof logLevels)[number];
  readonly since: LogSpan;
  readonly requestId: string;
  readonly text: string;
}

const first: Search = { level: 'debug', since: '1h', requestId: '', text: '' };

/** What gateway, firewall and engine wrote about a service, or about one request. */
export function Logs({ service, namespace }: ServiceOfEntity) {
  const { t } = useFairwayText();
  const [search, setSearch] = useState(first);
  const { level, since, requestId, text } = search;
  const query = {
    namespace,
    level,
    // a request is known by its id, however long ago it was
    ...(requestId ? { requestId } : { since }),
    ...(text ? { text } : {}),
  };
  const asked = useOperation('logs', { path: { service }, query });
  if (isNotAllowed(asked.error)) return <Empty title={t('state.notAllowed')} description={t('logs.notAllowed')} />;
  return (
    <Flex direction="column" gap="4" align="stretch">
      <SearchForm search={search} onSearch={setSearch} onAgain={asked.reload} />
      <Answer asked={asked}>
        {found => (
          <>
            <StoreNotices found={found} />
            <Found found={found} onRequest={id => setSearch({ ...search, requestId: id, text: '' })} />
          </>
        )}
      </Answer>
    </Flex>
  );
}

interface SearchFormProps {
  readonly search: Search;
  readonly onSearch: (search: Search) => void;
  readonly onAgain: () => void;
}

/** What is chosen is searched for at once, what is typed when it is sent. */
function SearchForm({ search, onSearch, onAgain }: SearchFormProps) {
  const { t } = useFairwayText();
  const [typed, setTyped] = useState<{ of: Search; requestId: string; text: string }>();
  // a search that came from elsewhere, such as a click on a request, replaces what was typed
  const { requestId, text } = typed?.of === search ? typed : search;
  const type = (change: object) => setTyped({ of: search, requestId, text, ...change });
  return (
    <form
      aria-label={t('logs.search')}
      className={classes.search}
      onSubmit={event => {
        event.preventDefault();
        const wanted = { ...search, requestId: requestId.trim(), text: text.trim() };
        if (wanted.requestId === search.requestId && wanted.text === search.text) onAgain();
        else onSearch(wanted);
      }}
    >
      <Select
        label={t('logs.since')}
        options={logSpans.map(value => ({ value, label: t(`logs.span.${value}`) }))}
        value={search.since}
        isDisabled={search.requestId !== ''}
        onChange={key => onSearch({ ...search, since: logSpans.find(value => value === key) ?? first.since })}
      />
      <Select
        label={t('logs.level')}
        options={logLevels.map(value => ({ value, label: t(`logs.level.${value}`) }))}
        value={search.level}
        onChange={key => onSearch({ ...search, level: logLevels.find(value => value === key) ?? first.level })}
      />
      <TextField label={t('logs.request')} value={requestId} onChange={value => type({ requestId: value })} />
      <TextField label={t('logs.words')} value={text} onChange={value => type({ text: value })} />
      <Button type="submit">{t('logs.search')}</Button>
    </form>
  );
}

/** Says of which clusters the logs are not known, so that what is missing is not taken for nothing. */
function StoreNotices({ found: { stores, unstored } }: { readonly found: ResponseOf<'logs'> }) {
  const { t } = useFairwayText();
  const say = useReasonText();
  return (
    <>
      {stores
        .filter(({ state }) => state === 'unreachable')
        .map(({ clusters, message, coded }) => (
          <Alert
            key={clusters.join()}
            role="status"
            status="warning"
            icon
            title={t('logs.unreachable', { clusters: clusters.join(', ') })}
            description={say(message, coded)}
          />
        ))}
      {stores.length > 0 && unstored.length > 0 && (
        <Alert role="status" status="info" icon title={t('logs.unstored', { clusters: unstored.join(', ') })} />
      )}
    </>
  );
}

interface FoundProps {
  readonly found: ResponseOf<'logs'>;
  readonly onRequest: (requestId: string) => void;
}

function Found({ found: { stores, items, total }, onRequest }: FoundProps) {
  const { t } = useFairwayText();
  if (items.length > 0)
    return (
      <Flex direction="column" gap="2" align="stretch">
        <Text color="secondary">{t('logs.amount', { shown: items.length, total })}</Text>
        <LogTable lines={items} onRequest={onRequest} />
      </Flex>
    );
  if (stores.length === 0) return <Empty title={t('logs.noStore')} description={t('logs.noStoreHint')} />;
  // nothing found is only known of a store that answered
  if (!stores.some(({ state }) => state === 'live')) return null;
  return <Empty title={t('logs.empty')} description={t('logs.emptyHint')} />;
}
