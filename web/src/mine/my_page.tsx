// A user's own page, made for a phone: one big switch, what a call to me does, my calls, my messages.
import { Button, SegmentedControl, Stack, Switch, Text, Title, Group as Row } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { post, put, remove } from '../api/client';
import { useList } from '../api/lists';
import type { CallRecord, PlanStory, User } from '../api/types';
import { OutcomeTag } from '../calls/outcome_tag';
import { saidOfStory, sentence } from '../groups/sentence';
import { useFormat } from '../i18n/format';
import { CallFromMyPhone } from '../live/actions';
import { Messages } from '../mailboxes/messages';
import { Empty, Failed, Loading, PageHead, Tag } from '../parts/states';
import { DataTable } from '../parts/table';
import { useToast } from '../parts/toast';
import { ForwardFields } from '../people/forward_fields';
import { OwnSecurity } from '../system/own_security';
import { useMe } from './use_me';

type Availability = 'available' | 'dnd' | 'away';
function availabilityOf(user: User): Availability {
  if (user.do_not_disturb) return 'dnd';
  return user.paused ? 'away' : 'available';
}

function MySentence({ own }: { own: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const found = useQuery({
    queryKey: ['state', 'my explain'],
    queryFn: async () => (await post<PlanStory>('/api/v1/me/explain', { body: { phones: 'all' } })).data,
  });
  if (!found.data) return null;
  const name = (target: string) => (target === own ? t('mine.myPhones') : target);
  return (
    <p className="sentence panel" data-testid="sentence">
      {sentence({ t, name, list: format.list }, saidOfStory(found.data), undefined)}
    </p>
  );
}

function MyGroups({ me }: { me: NonNullable<ReturnType<typeof useMe>['me']> }) {
  const { t } = useTranslation();
  const toast = useToast();
  const queries = useQueryClient();
  if (me.groups.length === 0) return null;
  const set = async (id: string, on: boolean) => {
    try {
      await (on ? put : remove)('/api/v1/me/groups/{id}/login', { path: { id } });
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
    await queries.invalidateQueries({ queryKey: ['state'] });
  };
  return (
    <section aria-label={t('mine.groups')} className="panel">
      <Title order={2} size="h4" mb="xs">
        {t('mine.groups')}
      </Title>
      <Stack gap="xs">
        {me.groups.map((group) => (
          <Switch key={group.id} label={`${group.name} ${group.extensions.join(', ')}`} checked={group.logged_in} onChange={(event) => void set(group.id, event.currentTarget.checked)} />
        ))}
      </Stack>
    </section>
  );
}

function MyCalls() {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useList<CallRecord>('records', '/api/v1/me/records');
  if (list.isPending) return <Loading />;
  if (list.error) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (list.items.length === 0) return <Empty text={t('mine.noCalls')} />;
  return (
    <DataTable
      label={t('mine.calls')}
      columns={[
        { key: 'started', label: t('calls.started'), render: (call: CallRecord) => format.moment(call.started) },
        { key: 'from', label: t('calls.caller'), render: (call) => call.from_name || call.from },
        { key: 'dialled', label: t('calls.dialled'), render: (call) => call.dialled },
        { key: 'outcome', label: t('calls.outcome'), render: (call) => <OutcomeTag outcome={call.outcome} /> },
        { key: 'talk', label: t('calls.talk'), render: (call) => (call.talk_ms ? format.length(call.talk_ms) : '') },
      ]}
      rows={list.items}
      idOf={(call) => call.id}
      more={{ has: list.hasNextPage, loading: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
    />
  );
}

function MyForward({ user, etag, save }: { user: User; etag: string; save: ReturnType<typeof useMe>['save'] }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [forward, setForward] = useState(user.forward);
  const go = async () => {
    try {
      await save({ forward }, etag);
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
  };
  return (
    <details>
      <summary>{t('people.tab_forward')}</summary>
      <ForwardFields forward={forward} change={setForward} disabled={false} fieldError={() => undefined} />
      <Button mt="sm" onClick={() => void go()} disabled={JSON.stringify(forward) === JSON.stringify(user.forward)}>
        {t('edit.save')}
      </Button>
    </details>
  );
}

export default function MyPage() {
  const { t } = useTranslation();
  const toast = useToast();
  const { found, me, user, etag, save } = useMe();
  if (found.isPending) return <Loading />;
  if (!me || !user) return <Failed error={found.error ?? new Error(t('error.notFound'))} retry={() => void found.refetch()} />;
  const set = async (next: string) => {
    try {
      await save({ do_not_disturb: next === 'dnd', paused: next === 'away' ? 'yes' : '' }, etag);
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
  };
  return (
    <Stack maw={760}>
      <PageHead title={user.name || user.extension} icon="mine" note={user.extension}>
        {me.registrations.length ? <Tag kind="good">{t('health.devices', { count: me.registrations.length })}</Tag> : <Tag kind="bad">{t('mine.noPhone')}</Tag>}
      </PageHead>
      <SegmentedControl
        size="lg"
        fullWidth
        aria-label={t('mine.availability')}
        value={availabilityOf(user)}
        onChange={(next) => void set(next)}
        data={(['available', 'dnd', 'away'] as const).map((value) => ({ value, label: t(`mine.${value}`) }))}
      />
      <MySentence own={user.extension} />
      <Row>
        {me.session.permissions.own_rules && (
          <Button component={Link} href="/me/rules" variant="default">
            {t('page.rules')}
          </Button>
        )}
        {me.session.permissions.own_chain && (
          <Button component={Link} href="/me/chain" variant="default">
            {t('page.myChain')}
          </Button>
        )}
      </Row>
      {me.registrations.length > 0 && <CallFromMyPhone />}
      <MyGroups me={me} />
      <Title order={2} size="h4">
        {t('mine.calls')}
      </Title>
      <MyCalls />
      {user.mailbox && (
        <>
          <Title order={2} size="h4">
            {t('mine.messages')}
          </Title>
          <Messages list="/api/v1/me/messages" one="/api/v1/me/messages/{message}" readOnly={false} />
        </>
      )}
      <MyForward key={etag} user={user} etag={etag} save={save} />
      <details>
        <summary>
          <Text span>{t('system.tab_security')}</Text>
        </summary>
        <OwnSecurity />
      </details>
    </Stack>
  );
}
