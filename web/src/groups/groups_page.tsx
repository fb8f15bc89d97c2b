// All groups: who can ring now, and how.
import { Button, Group as Row, Modal, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { post } from '../api/client';
import { useList } from '../api/lists';
import { findingsByField, Problem } from '../api/problem';
import type { Group, Strategy } from '../api/types';
import { Findings } from '../edit/save_bar';
import { Icon } from '../parts/icon';
import { Empty, Failed, Loading, PageHead, Tag } from '../parts/states';
import { DataTable, type Column } from '../parts/table';
import { FilterInput } from '../parts/filter_input';
import { useUrlState } from '../parts/url_state';
import { mayChange, useMyself } from '../session/session';
import { MiniPlan } from '../timeline/mini';
import { planOf } from './plan';
import { StrategyPicker } from './strategies';

function NewGroup({ opened, close, strategy: first }: { opened: boolean; close: () => void; strategy: Strategy }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const [name, setName] = useState('');
  const [number, setNumber] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const errors = findingsByField(problem?.document.errors);
  const make = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(undefined);
    try {
      const body = { name, strategy: first, ...(number && { extensions: [number] }) };
      const made = await post<Group>('/api/v1/groups', { body });
      close();
      go(`/groups/${encodeURIComponent(made.data.id)}`);
    } catch (error) {
      if (error instanceof Problem) setProblem(error);
      else throw error;
    }
  };
  const told = (pointer: string) => errors.get(pointer)?.map((one) => one.detail).join(' ');
  const shown = ['/name', '/extensions', '/extensions/0'];
  const rest = problem?.document.errors?.filter((one) => !shown.includes(one.pointer ?? '')) ?? [];
  return (
    <Modal opened={opened} onClose={close} title={t('groups.new')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form onSubmit={(event) => void make(event)}>
        <Stack>
          <TextInput
            label={t('group.name')}
            required
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={told('/name')}
            data-autofocus
          />
          <TextInput
            label={t('groups.number')}
            description={t('groups.numberNote')}
            value={number}
            onChange={(event) => setNumber(event.currentTarget.value)}
            error={told('/extensions/0') ?? told('/extensions')}
          />
          {problem && (rest.length > 0 || !problem.document.errors?.length) && (
            <Findings bad title={t('edit.notSaved')} findings={rest.length ? rest : [{ detail: problem.message }]} />
          )}
          <Row justify="flex-end">
            <Button type="submit">{t('groups.make')}</Button>
          </Row>
        </Stack>
      </form>
    </Modal>
  );
}

export default function GroupsPage() {
  const { t } = useTranslation();
  const session = useMyself();
  const [url, setUrl] = useUrlState();
  const [opened, { open, close }] = useDisclosure();
  const [strategy, setStrategy] = useState<Strategy>('ring_all');
  const q = url.get('q') ?? '';
  const sort = url.get('sort') ?? '';
  const list = useList<Group>('office', '/api/v1/groups', { q, sort, expand: 'health' });
  const columns: Column<Group>[] = [
    {
      key: 'name',
      label: t('group.name'),
      sortable: true,
      render: (group) => (
        <Row gap="xs">
          <Link href={`/groups/${encodeURIComponent(group.id)}`}>{group.name}</Link>
          {!group.enabled && <Tag kind="warn">{t('common.off')}</Tag>}
        </Row>
      ),
    },
    { key: 'numbers', label: t('page.numbers'), render: (group) => [...group.extensions, ...group.numbers].join(', ') },
    {
      key: 'strategy',
      label: t('group.strategy'),
      sortable: true,
      render: (group) => t(`strategy.${group.strategy}`),
    },
    {
      key: 'plan',
      label: t('groups.plan'),
      render: (group) => {
        const plan = planOf(group);
        return <MiniPlan bars={plan.bars} total={plan.total} />;
      },
    },
    {
      key: 'health',
      label: t('groups.canRing'),
      render: (group) =>
        group.health && (
          <Tag kind={group.health.can_ring > 0 ? 'good' : 'bad'}>
            {t('group.canRing', { now: group.health.can_ring, of: group.health.of })}
          </Tag>
        ),
    },
  ];
  const start = (chosen: Strategy) => {
    setStrategy(chosen);
    open();
  };
  return (
    <>
      <PageHead title={t('page.groups')} icon="groups" note={t('groups.note')}>
        <FilterInput value={q} onChange={(value) => setUrl({ q: value })} />
        {mayChange(session) && (
          <Button data-page-new leftSection={<Icon name="plus" />} onClick={() => start('ring_all')}>
            {t('groups.new')}
          </Button>
        )}
      </PageHead>
      {list.isPending ? (
        <Loading />
      ) : list.error ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : list.items.length === 0 && q === '' ? (
        <Empty text={t('groups.empty')}>
          {mayChange(session) && (
            <SimpleGrid cols={1}>
              <StrategyPicker value={strategy} onChange={start} choices={['ring_all', 'sequential', 'staggered']} />
            </SimpleGrid>
          )}
        </Empty>
      ) : list.items.length === 0 ? (
        <Empty text={t('common.nothingFound')} />
      ) : (
        <DataTable
          label={t('page.groups')}
          columns={columns}
          rows={list.items}
          idOf={(group) => group.id}
          sort={sort}
          onSort={(next) => setUrl({ sort: next })}
          more={{ has: list.hasNextPage, loading: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
        />
      )}
      {opened && <NewGroup opened={opened} close={close} strategy={strategy} />}
    </>
  );
}
