// The filters of the list of calls; all of them live in the URL, so that a view is a link.
import { Button, Group as Row, Menu, NativeSelect, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { useAll } from '../api/lists';
import type { Group } from '../api/types';
import { useOutcome } from '../i18n/why';
import { FilterInput } from '../parts/filter_input';
import { Icon } from '../parts/icon';
import { Reports } from './reports';

export const kOutcomes = [
  'answered', 'no_answer', 'busy', 'unreachable', 'declined', 'abandoned', 'redirected', 'failed', 'interrupted',
] as const;
export const kFilters = ['q', 'from', 'until', 'group', 'outcome', 'answered_by', 'caller', 'dialled'] as const;

type Set = (changes: Record<string, string | undefined>) => void;
interface View {
  name: string;
  search: string;
}

/** Local date and time of a form as RFC 3339. */
export function asInstant(local: string | null): string | undefined {
  if (!local) return undefined;
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

export function recordQuery(url: URLSearchParams): Record<string, string | undefined> {
  const query: Record<string, string | undefined> = { sort: url.get('sort') ?? undefined };
  for (const name of kFilters) query[name] = url.get(name) ?? undefined;
  query['from'] = asInstant(url.get('from'));
  query['until'] = asInstant(url.get('until'));
  return query;
}

function SavedViews({ search, setUrl }: { search: string; setUrl: Set }) {
  const { t } = useTranslation();
  const [views, setViews] = useLocalStorage<View[]>({ key: 'harrier.views', defaultValue: [] });
  const open = (view: View) => {
    const next = new URLSearchParams(view.search);
    setUrl(Object.fromEntries([...kFilters, 'sort'].map((name) => [name, next.get(name) ?? undefined])));
  };
  const keep = () => {
    const name = window.prompt(t('calls.viewName'));
    if (name) setViews([...views.filter((view) => view.name !== name), { name, search }]);
  };
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default">{t('calls.views')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('calls.viewsHere')}</Menu.Label>
        {views.map((view) => (
          <Menu.Item key={view.name} onClick={() => open(view)}>
            {view.name}
          </Menu.Item>
        ))}
        <Menu.Item leftSection={<Icon name="plus" />} onClick={keep}>
          {t('calls.keepView')}
        </Menu.Item>
        {views.map((view) => (
          <Menu.Item key={view.name} color="red" onClick={() => setViews(views.filter((one) => one !== view))}>
            {t('common.removeWhat', { what: view.name })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export function CallFilters({ url, setUrl }: { url: URLSearchParams; setUrl: Set }) {
  const { t } = useTranslation();
  const outcome = useOutcome();
  const groups = useAll<Group>('office', '/api/v1/groups');
  const field = (name: 'answered_by' | 'caller' | 'dialled') => (
    <TextInput
      key={name}
      label={t(`calls.${name}`)}
      defaultValue={url.get(name) ?? ''}
      onBlur={(event) => setUrl({ [name]: event.currentTarget.value })}
      onKeyDown={(event) => event.key === 'Enter' && setUrl({ [name]: event.currentTarget.value })}
      w="9rem"
    />
  );
  const moment = (name: 'from' | 'until') => (
    <TextInput
      type="datetime-local"
      label={t(`calls.${name}`)}
      value={url.get(name) ?? ''}
      onChange={(event) => setUrl({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <Row align="flex-end" wrap="wrap" gap="xs" key={kFilters.map((name) => url.get(name)).join('|')}>
      <FilterInput value={url.get('q') ?? ''} onChange={(q) => setUrl({ q })} />
      {moment('from')}
      {moment('until')}
      <NativeSelect
        label={t('common.group')}
        value={url.get('group') ?? ''}
        onChange={(event) => setUrl({ group: event.currentTarget.value })}
        data={[{ value: '', label: t('common.all') }, ...groups.items.map((group) => ({ value: group.name, label: group.name }))]}
      />
      <NativeSelect
        label={t('calls.outcome')}
        value={url.get('outcome') ?? ''}
        onChange={(event) => setUrl({ outcome: event.currentTarget.value })}
        data={[{ value: '', label: t('common.all') }, ...kOutcomes.map((value) => ({ value, label: outcome(value) }))]}
      />
      {(['answered_by', 'caller', 'dialled'] as const).map(field)}
      <SavedViews search={url.toString()} setUrl={setUrl} />
      <Reports url={url} />
      <Button variant="default" onClick={() => setUrl(Object.fromEntries(kFilters.map((name) => [name, undefined])))}>
        {t('calls.clear')}
      </Button>
    </Row>
  );
}
