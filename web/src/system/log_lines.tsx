// The last lines of the log; the newest stand above, and new ones come by themselves.
import { Button, Group as Row, NativeSelect, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useList } from '../api/lists';
import type { LogLine } from '../api/types';
import { useFormat } from '../i18n/format';
import { FilterInput } from '../parts/filter_input';
import { Empty, Failed, Loading, Tag } from '../parts/states';
import { DataTable } from '../parts/table';
import { useUrlState } from '../parts/url_state';
import { fieldsOf } from './log_text';

const kLevels = ['debug', 'info', 'warn', 'error'] as const;
const kKinds = { debug: undefined, info: undefined, warn: 'warn', error: 'bad' } as const;
const kEveryMs = 2000;

function LevelTag({ level }: { level: LogLine['level'] }) {
  const kind = kKinds[level];
  return <Tag {...(kind ? { kind } : {})}>{level}</Tag>;
}

export function LogLines() {
  const { t } = useTranslation();
  const format = useFormat();
  const [url, setUrl] = useUrlState();
  const asked = { q: url.get('q') ?? '', level: url.get('level') ?? '', call: url.get('call') ?? '' };
  const follows = url.get('follow') !== 'no';
  const list = useList<LogLine>('log', '/api/v1/log', asked, follows ? { every: kEveryMs } : {});
  const filtered = Object.values(asked).some((value) => value !== '');
  return (
    <Stack>
      <Text size="sm">{t('log.note')}</Text>
      <Row align="flex-end">
        <FilterInput value={asked.q} onChange={(q) => setUrl({ q })} />
        <NativeSelect
          label={t('log.level')}
          value={asked.level}
          onChange={(event) => setUrl({ level: event.currentTarget.value })}
          data={[{ value: '', label: t('common.all') }, ...kLevels.map((level) => ({ value: level, label: t(`log.from_${level}`) }))]}
        />
        <TextInput label={t('log.call')} key={asked.call} defaultValue={asked.call} onBlur={(event) => setUrl({ call: event.currentTarget.value.trim() })} onKeyDown={(event) => event.key === 'Enter' && setUrl({ call: event.currentTarget.value.trim() })} />
        <Switch label={t('log.follow')} checked={follows} onChange={(event) => setUrl({ follow: event.currentTarget.checked ? undefined : 'no' })} />
        {!follows && (
          <Button variant="default" onClick={() => void list.refetch()}>
            {t('log.reload')}
          </Button>
        )}
      </Row>
      {list.isPending ? (
        <Loading />
      ) : list.error ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Empty text={filtered ? t('common.nothingFound') : t('log.empty')} />
      ) : (
        <DataTable
          label={t('system.tab_log')}
          columns={[
            { key: 'time', label: t('calls.started'), render: (line: LogLine) => <span style={{ whiteSpace: 'nowrap' }}>{format.time(line.time)}</span> },
            { key: 'level', label: t('log.level'), render: (line) => <LevelTag level={line.level} /> },
            { key: 'event', label: t('log.event'), render: (line) => <code>{line.event}</code> },
            { key: 'text', label: t('log.fields'), render: (line) => <code style={{ overflowWrap: 'anywhere' }}>{fieldsOf(line)}</code> },
            { key: 'call', label: t('log.callPage'), render: (line) => line.call && <Link href={`/calls/${encodeURIComponent(line.call)}`}>{t('common.open')}</Link> },
          ]}
          rows={list.items}
          idOf={(line) => line.id}
          more={{ has: list.hasNextPage, loading: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
        />
      )}
    </Stack>
  );
}
