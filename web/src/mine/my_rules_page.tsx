// A user's own rules, with a test for a moment.
import { Button, Group as Row, Stack, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../api/client';
import { findingsByField, Problem } from '../api/problem';
import type { PlanStory, Rule } from '../api/types';
import { Findings } from '../edit/save_bar';
import { same } from '../edit/merge';
import { saidOfStory, sentence } from '../groups/sentence';
import { useFormat } from '../i18n/format';
import { Empty, Failed, Loading, PageHead } from '../parts/states';
import { RulesList } from '../rules/rules_list';
import { useReason } from '../simulator/reasons';
import { PlanPicture } from '../timeline/plan_picture';
import { useMe } from './use_me';

function TestMoment({ own }: { own: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const [at, setAt] = useState('');
  const [from, setFrom] = useState('');
  const test = useMutation({
    mutationFn: async () =>
      (
        await post<PlanStory>('/api/v1/me/explain', {
          body: { ...(at ? { at: new Date(at).toISOString() } : {}), ...(from ? { from } : {}), phones: 'all' },
        })
      ).data,
  });
  const name = (target: string) => (target === own ? t('mine.myPhones') : target);
  return (
    <section className="panel" aria-label={t('rule.test')}>
      <Title order={2} size="h4" mb="xs">
        {t('rule.test')}
      </Title>
      <Row align="flex-end">
        <TextInput type="datetime-local" label={t('simulator.at')} value={at} onChange={(event) => setAt(event.currentTarget.value)} />
        <TextInput label={t('simulator.from')} value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        <Button loading={test.isPending} onClick={() => test.mutate()}>
          {t('simulator.go')}
        </Button>
      </Row>
      {test.error && <Failed error={test.error} />}
      {test.data && (
        <Stack mt="sm">
          <p className="sentence">{sentence({ t, name, list: format.list }, saidOfStory(test.data), undefined)}</p>
          <PlanPicture story={test.data} name={name} then={null} />
          <ol>
            {test.data.decisions.map((one, i) => (
              <li key={i}>
                {reason(one.what)} {one.because && `(${reason(one.because)})`}
              </li>
            ))}
          </ol>
        </Stack>
      )}
    </section>
  );
}

export default function MyRulesPage() {
  const { t } = useTranslation();
  const { found, me, user, etag, save } = useMe();
  const [draft, setDraft] = useState<Rule[]>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  if (found.isPending) return <Loading />;
  if (!me || !user) return <Failed error={found.error} retry={() => void found.refetch()} />;
  if (!me.session.permissions.own_rules) return <Empty text={t('rule.notAllowed')} />;
  const rules = draft ?? user.rules;
  const dirty = draft !== undefined && !same(draft, user.rules);
  const errors = findingsByField(problem?.document.errors);
  const go = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await save({ rules }, etag);
      setDraft(undefined);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      if (error.status === 412) await found.refetch();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack maw={900}>
      <PageHead title={t('page.rules')} icon="rules" note={t('rule.note')}>
        <Button variant="default" onClick={() => void found.refetch()}>
          {t('rule.reload')}
        </Button>
      </PageHead>
      {problem && (
        <Findings bad title={t('edit.notSaved')} findings={problem.document.errors?.length ? problem.document.errors : [{ detail: problem.message }]} />
      )}
      <Row>
        <Button disabled={!dirty} loading={busy} onClick={() => void go()}>
          {t('edit.save')}
        </Button>
        <Button variant="default" disabled={!dirty} onClick={() => setDraft(undefined)}>
          {t('edit.discard')}
        </Button>
      </Row>
      <RulesList
        rules={rules}
        own={user.extension}
        change={setDraft}
        readOnly={false}
        mayLock={false}
        office={false}
        fieldError={(pointer) => errors.get(pointer)?.map((one) => one.detail).join(' ')}
      />
      <TestMoment own={user.extension} />
    </Stack>
  );
}
