// Steps two to five of the first run.
import { Button, Group as Row, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Redirect } from 'wouter';
import { get, post } from '../api/client';
import { useAll, useList } from '../api/lists';
import { Problem } from '../api/problem';
import type { CallRecord, Group, LiveCall, Member, Page, Strategy, User } from '../api/types';
import { Findings } from '../edit/save_bar';
import { planOf } from '../groups/plan';
import { saidOfGroup, sentence } from '../groups/sentence';
import { StrategyPicker } from '../groups/strategies';
import { useFormat } from '../i18n/format';
import { Tag } from '../parts/states';
import { Account } from '../people/account';
import { nextExtension } from '../people/people_page';
import { freshSecret } from '../people/secret';
import { MiniPlan } from '../timeline/mini';

export interface Made {
  people: { user: User; password: string }[];
  group?: Group;
}
interface Step {
  made: Made;
  setMade: (made: Made) => void;
  next: () => void;
}

function Trouble({ problem }: { problem: Problem | undefined }) {
  const { t } = useTranslation();
  if (!problem) return null;
  const all = problem.document.errors ?? [];
  return <Findings bad title={t('edit.notSaved')} findings={all.length ? all : [{ detail: problem.message }]} />;
}

async function freeExtension(): Promise<string> {
  const all = await get<Page<User>>('/api/v1/users', { query: { limit: 1000 } });
  return nextExtension(all.data.items);
}

export function PeopleStep({ made, setMade, next }: Step) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return next();
    setProblem(undefined);
    const password = freshSecret();
    try {
      const body = { extension: await freeExtension(), name: name.trim(), sip: { password } };
      const user = await post<User>('/api/v1/users', { body });
      setMade({ ...made, people: [...made.people, { user: user.data, password }] });
      setName('');
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  return (
    <form onSubmit={(event) => void add(event)}>
      <Stack>
        <Text>{t('setup.people')}</Text>
        <Trouble problem={problem} />
        <Row gap="xs">
          {made.people.map(({ user }) => (
            <Tag key={user.id} kind="good">
              {user.extension} {user.name}
            </Tag>
          ))}
        </Row>
        <TextInput label={t('people.name')} description={t('setup.peopleNote')} value={name} onChange={(event) => setName(event.currentTarget.value)} autoFocus />
        <Row justify="flex-end">
          <Button variant="default" type="submit" disabled={!name.trim()}>
            {t('people.make')}
          </Button>
          <Button type="button" onClick={next}>
            {made.people.length ? t('setup.next') : t('setup.skip')}
          </Button>
        </Row>
      </Stack>
    </form>
  );
}

type Choice = 'all' | 'inTurn' | 'later';
const kChoices: Choice[] = ['all', 'inTurn', 'later'];
const kStrategyOf: Record<Choice, Strategy> = { all: 'ring_all', inTurn: 'sequential', later: 'staggered' };
// "6 s and 10 s later", and so on for more people.
const kDelays = [0, 6, 10];

export function membersOf(choice: Choice, extensions: string[]): Member[] {
  return extensions.map((ring, i) => {
    if (choice === 'inTurn') return { ring, for: 15 };
    const after = kDelays[i] ?? 10 + 4 * (i - 2);
    return choice === 'later' && after > 0 ? { ring, after } : { ring };
  });
}

export function PlanStep({ made, setMade, next }: Step) {
  const { t } = useTranslation();
  const format = useFormat();
  const [choice, setChoice] = useState<Choice>('all');
  const [number, setNumber] = useState('600');
  const [problem, setProblem] = useState<Problem>();
  const strategy = kStrategyOf[choice];
  const members = membersOf(choice, made.people.map(({ user }) => user.extension));
  const part = { strategy, members, stages: [], repeat: 1, finally: {} };
  const name = (target: string) => made.people.find(({ user }) => user.extension === target)?.user.name ?? target;
  const make = async () => {
    setProblem(undefined);
    try {
      const body = { name: t('setup.everyone'), extensions: [number], strategy, members };
      const group = await post<Group>('/api/v1/groups', { body });
      setMade({ ...made, group: group.data });
      next();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  const plan = planOf(part);
  return (
    <Stack>
      <Text>{t('setup.plan')}</Text>
      <Trouble problem={problem} />
      <StrategyPicker
        value={strategy}
        choices={kChoices.map((one) => kStrategyOf[one])}
        onChange={(chosen) => setChoice(kChoices.find((one) => kStrategyOf[one] === chosen) ?? 'all')}
      />
      {members.length > 0 && (
        <div className="panel">
          <MiniPlan bars={plan.bars} total={plan.total} width={240} height={60} />
          <p className="sentence">{sentence({ t, name, list: format.list }, saidOfGroup(part), strategy)}</p>
        </div>
      )}
      <TextInput label={t('groups.number')} value={number} onChange={(event) => setNumber(event.currentTarget.value)} w="10rem" />
      <Row justify="flex-end">
        <Button variant="default" onClick={next}>
          {t('setup.skip')}
        </Button>
        <Button onClick={() => void make()}>{t('setup.next')}</Button>
      </Row>
    </Stack>
  );
}

export function PhonesStep({ made, next }: { made: Made; next: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Text>{t('setup.phones')}</Text>
      {made.people.length === 0 && <Text>{t('setup.noPeople')}</Text>}
      {made.people.map(({ user, password }) => (
        <section key={user.id} aria-label={user.name || user.extension}>
          <Text fw={600}>
            {user.extension} {user.name}
          </Text>
          <Account user={user} password={password} />
        </section>
      ))}
      <Row justify="flex-end">
        <Button onClick={next}>{t('setup.next')}</Button>
      </Row>
    </Stack>
  );
}

/** Waits for a call to the new group; when it has ended, its story opens by itself. */
export function CallStep({ made }: { made: Made }) {
  const { t } = useTranslation();
  const [began] = useState(() => new Date().toISOString());
  const calls = useAll<LiveCall>('calls', '/api/v1/calls');
  const records = useList<CallRecord>('records', '/api/v1/records', { from: began, limit: 1 });
  const done = records.items[0];
  if (done) return <Redirect to={`/calls/${encodeURIComponent(done.id)}`} />;
  const number = made.group?.extensions[0] ?? '600';
  return (
    <Stack>
      <Text size="lg">{t('setup.call', { number })}</Text>
      <div role="status">
        {calls.items.length === 0 ? (
          <Tag kind="warn">{t('setup.waitingForCall')}</Tag>
        ) : (
          calls.items.map((call) => (
            <Tag key={call.id} kind="good">
              {call.from} → {call.dialled}: {t(`live.state_${call.state}`)}
            </Tag>
          ))
        )}
      </div>
      <Row justify="flex-end">
        <Button component={Link} href="/" variant="default">
          {t('setup.finish')}
        </Button>
      </Row>
    </Stack>
  );
}
