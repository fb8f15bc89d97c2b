// Answers of the simulator that are kept: the server asks them again, of the office as it is, and so
// does `harrier check`.
import { Button, Group as Row, Modal, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { get } from '../api/client';
import { useAll } from '../api/lists';
import type { Page, PlanStory, SavedTest, TestDifference, User } from '../api/types';
import { useRemoving } from '../edit/editor';
import { NewThing } from '../edit/new_thing';
import { destinationText } from '../groups/sentence';
import { Failed, Tag } from '../parts/states';
import { useToast } from '../parts/toast';
import { mayChange, useMyself } from '../session/session';
import { expectationOf, questionUrl } from './expectation';

/** Users who have a phone now, for a question about "now". */
async function whoIsOn(): Promise<string[]> {
  const users = (await get<Page<User>>('/api/v1/users', { query: { expand: 'state', limit: 1000 } })).data.items;
  return users.filter((user) => (user.state?.devices ?? 0) > 0).map((user) => user.extension);
}

export function SaveAsTest({ story, phones, seed }: { story: PlanStory; phones: 'now' | 'all' | string[]; seed: number | undefined }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [on, setOn] = useState<string[]>();
  const [name, setName] = useState('');
  if (!mayChange(useMyself())) return null;
  const open = async () => {
    setName('');
    setOn(phones === 'all' ? [] : phones === 'now' ? await whoIsOn() : phones);
  };
  return (
    <>
      <Row>
        <Button variant="default" onClick={() => void open().catch((error: unknown) => toast({ text: (error as Error).message, bad: true }))}>
          {t('tests.save')}
        </Button>
      </Row>
      {on && (
        <NewThing<SavedTest>
          title={t('tests.save')}
          list="/api/v1/tests"
          body={() => ({ name, number: story.number, ...(story.from && { from: story.from }), at: story.at, phones: on, ...(seed !== undefined && { seed }), expect: expectationOf(story) })}
          shown={['/name']}
          close={() => setOn(undefined)}
          fields={(told) => (
            <>
              <Text size="sm">{t('tests.saveNote')}</Text>
              <TextInput label={t('tests.name')} required data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={told('/name')} />
            </>
          )}
        />
      )}
    </>
  );
}

function Difference({ one }: { one: TestDifference }) {
  const { t } = useTranslation();
  const shown = (value: string) => {
    if (one.code === 'finally') return destinationText(t, (who) => who, value ? (JSON.parse(value) as unknown) : null);
    if (['starts', 'lasts', 'stage_lasts'].includes(one.code)) return value ? t('tests.seconds', { seconds: value }) : t('tests.open');
    return value;
  };
  const values = { whose: one.whose, expected: shown(one.expected), found: shown(one.found) };
  switch (one.code) {
    case 'who':
    case 'starts':
    case 'lasts':
    case 'stage_lasts':
      return <>{t(`tests.diff_${one.code}`, values)}</>;
    case 'finally':
    case 'leads_to':
    case 'stages':
    case 'rings_nobody':
      return <>{t(`tests.diff_${one.code}`, { expected: values.expected, found: values.found })}</>;
    default:
      return <>{one.text}</>;
  }
}

function Test({ test }: { test: SavedTest }) {
  const { t } = useTranslation();
  const toast = useToast();
  const removing = useRemoving();
  const may = mayChange(useMyself());
  const [asks, setAsks] = useState(false);
  const passed = test.result?.passed ?? false;
  const remove = async () => {
    try {
      await removing('tests', '/api/v1/tests/{id}', test, `"${test.revision}"`, test.name);
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
    setAsks(false);
  };
  return (
    <li data-testid="saved-test">
      <Row gap="xs">
        <Link href={questionUrl(test)}>{test.name}</Link>
        <Tag kind={passed ? 'good' : 'bad'}>{t(passed ? 'tests.passed' : 'tests.failed')}</Tag>
        {may && (
          <Button size="compact-xs" variant="subtle" color="red" onClick={() => setAsks(true)} aria-label={t('common.removeWhat', { what: test.name })}>
            {t('common.remove')}
          </Button>
        )}
      </Row>
      {!passed && (
        <ul>
          {test.result?.differences.map((one, i) => (
            <li key={i}>
              <Difference one={one} />
            </li>
          ))}
        </ul>
      )}
      {asks && (
        <Modal opened onClose={() => setAsks(false)} title={t('common.removeWhat', { what: test.name })} closeButtonProps={{ 'aria-label': t('common.close') }}>
          <Stack>
            <Text>{t('edit.removeAsk')}</Text>
            <Row justify="flex-end">
              <Button variant="default" onClick={() => setAsks(false)}>
                {t('common.cancel')}
              </Button>
              <Button color="red" onClick={() => void remove()}>
                {t('common.remove')}
              </Button>
            </Row>
          </Stack>
        </Modal>
      )}
    </li>
  );
}

export function SavedTests() {
  const { t } = useTranslation();
  const tests = useAll<SavedTest>('state', '/api/v1/tests', { expand: 'result' });
  if (tests.error) return <Failed error={tests.error} retry={() => void tests.refetch()} />;
  if (tests.items.length === 0) return null;
  return (
    <section aria-label={t('tests.title')} className="panel">
      <Title order={2} size="h4">
        {t('tests.title')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('tests.note')}
      </Text>
      <ul>
        {tests.items.map((test) => (
          <Test key={test.id} test={test} />
        ))}
      </ul>
    </section>
  );
}
