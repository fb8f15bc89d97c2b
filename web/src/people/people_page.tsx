// Everybody with an extension.
import { Button, Group as Row, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { post } from '../api/client';
import { useList } from '../api/lists';
import { findingsByField, Problem } from '../api/problem';
import type { User } from '../api/types';
import { FilterInput } from '../parts/filter_input';
import { Icon } from '../parts/icon';
import { Empty, Failed, Loading, PageHead, Tag } from '../parts/states';
import { DataTable, type Column } from '../parts/table';
import { useUrlState } from '../parts/url_state';
import { mayChange, useMyself } from '../session/session';
import { Account } from './account';
import { freshSecret } from './secret';
import { StateTag } from './state_tag';

/** The next free number after the highest one that is a plain number. */
export function nextExtension(users: Pick<User, 'extension'>[]): string {
  const taken = users.map((user) => user.extension).filter((text) => /^\d{2,6}$/.test(text)).map(Number);
  return String(taken.length ? Math.max(...taken) + 1 : 101);
}

function NewPerson({ close, next }: { close: () => void; next: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [extension, setExtension] = useState(next);
  const [problem, setProblem] = useState<Problem>();
  const [made, setMade] = useState<{ user: User; password: string }>();
  const errors = findingsByField(problem?.document.errors);
  const told = (pointer: string) => errors.get(pointer)?.map((one) => one.detail).join(' ');
  const make = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(undefined);
    const password = freshSecret();
    try {
      const answer = await post<User>('/api/v1/users', { body: { extension, name, sip: { password } } });
      setMade({ user: answer.data, password });
      await queries.invalidateQueries({ queryKey: ['office'] });
    } catch (error) {
      if (error instanceof Problem) setProblem(error);
      else throw error;
    }
  };
  const again = () => {
    setExtension(String(Number(extension) + 1));
    setName('');
    setMade(undefined);
  };
  return (
    <Modal opened onClose={close} title={t('people.new')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      {made ? (
        <Stack>
          <Text>{t('people.made', { name: made.user.name || made.user.extension })}</Text>
          <Account user={made.user} password={made.password} />
          <Row justify="flex-end">
            <Button variant="default" onClick={again}>
              {t('people.another')}
            </Button>
            <Button component={Link} href={`/people/${encodeURIComponent(made.user.id)}`} onClick={close}>
              {t('common.open')}
            </Button>
          </Row>
        </Stack>
      ) : (
        <form onSubmit={(event) => void make(event)}>
          <Stack>
            <TextInput label={t('people.name')} value={name} required data-autofocus onChange={(event) => setName(event.currentTarget.value)} error={told('/name')} />
            <TextInput label={t('people.extension')} value={extension} required onChange={(event) => setExtension(event.currentTarget.value)} error={told('/extension')} />
            {problem && !told('/name') && !told('/extension') && (
              <Failed error={problem} />
            )}
            <Row justify="flex-end">
              <Button type="submit">{t('people.make')}</Button>
            </Row>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

export default function PeoplePage() {
  const { t } = useTranslation();
  const session = useMyself();
  const [url, setUrl] = useUrlState();
  const [opened, { open, close }] = useDisclosure();
  const q = url.get('q') ?? '';
  const sort = url.get('sort') ?? '';
  const list = useList<User>('office', '/api/v1/users', { q, sort, expand: 'state' });
  const columns: Column<User>[] = [
    {
      key: 'name',
      label: t('people.name'),
      sortable: true,
      render: (user) => <Link href={`/people/${encodeURIComponent(user.id)}`}>{user.name || user.extension}</Link>,
    },
    { key: 'extension', label: t('people.extension'), sortable: true, render: (user) => user.extension },
    { key: 'state', label: t('people.state'), render: (user) => <StateTag state={user.state} /> },
    { key: 'email', label: t('people.email'), sortable: true, render: (user) => user.email },
    {
      key: 'more',
      label: t('people.more'),
      render: (user) => (
        <Row gap={4}>
          {user.rules.length > 0 && <Tag>{t('people.ruleCount', { count: user.rules.length })}</Tag>}
          {user.forward.always && <Tag kind="warn">{t('people.forwards', { to: user.forward.always })}</Tag>}
          {user.mailbox && <Tag>{t('people.mailbox')}</Tag>}
        </Row>
      ),
    },
  ];
  return (
    <>
      <PageHead title={t('page.people')} icon="people">
        <FilterInput value={q} onChange={(value) => setUrl({ q: value })} />
        {mayChange(session) && (
          <Button data-page-new leftSection={<Icon name="plus" />} onClick={open}>
            {t('people.new')}
          </Button>
        )}
      </PageHead>
      {list.isPending ? (
        <Loading />
      ) : list.error ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Empty text={q ? t('common.nothingFound') : t('people.empty')} />
      ) : (
        <DataTable
          label={t('page.people')}
          columns={columns}
          rows={list.items}
          idOf={(user) => user.id}
          sort={sort}
          onSort={(next) => setUrl({ sort: next })}
          more={{ has: list.hasNextPage, loading: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
        />
      )}
      {opened && <NewPerson close={close} next={nextExtension(list.items)} />}
    </>
  );
}
