// From the one-time link to the first call: account, people, plan, phones, call. Every step but the
// first can be skipped, and Today keeps what is left.
import { Button, Center, Group as Row, Loader, NativeSelect, PasswordInput, Stack, Stepper, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearch } from 'wouter';
import { get, post } from '../api/client';
import { findingsByField, Problem } from '../api/problem';
import type { Session, SetupState } from '../api/types';
import { Findings } from '../edit/save_bar';
import { Appearance } from '../frame/appearance';
import { kLanguageNames, kLanguages } from '../i18n';
import { Empty, Failed } from '../parts/states';
import { useSession } from '../session/session';
import { StreamProvider } from '../stream/use_stream';
import { CallStep, PeopleStep, PhonesStep, PlanStep, type Made } from './steps';

/** The country that goes with a zone's city, where it is one that we know holidays of. */
const kCountries: Record<string, string> = { 'Europe/Warsaw': 'PL', 'Europe/Madrid': 'ES', 'Europe/Berlin': 'DE', 'Europe/London': 'GB', 'Europe/Paris': 'FR' };

function AccountStep({ once, state, done }: { once: string; state: SetupState; done: () => void }) {
  const { t, i18n } = useTranslation();
  const { take } = useSession();
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [form, setForm] = useState({
    email: '',
    password: '',
    language: i18n.language,
    timezone: state.users > 0 && state.timezone ? state.timezone : here,
    country: state.country || kCountries[here] || '',
  });
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const errors = findingsByField(problem?.document.errors);
  const told = (field: string) => errors.get(`/${field}`)?.map((one) => one.detail).join(' ');
  const set = (field: keyof typeof form, value: string) => setForm({ ...form, [field]: value });
  const make = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      const body = { once, email: form.email, password: form.password, language: form.language, timezone: form.timezone, ...(form.country ? { country: form.country } : {}) };
      const session = await post<Session>('/api/v1/setup', { body, once: true });
      take(session.data);
      done();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void make(event)}>
      <Stack>
        <Text>{t('setup.welcome')}</Text>
        {problem && !problem.document.errors?.length && <Findings bad title={t('edit.notSaved')} findings={[{ detail: problem.message }]} />}
        <TextInput label={t('people.email')} type="email" required autoComplete="username" autoFocus value={form.email} onChange={(event) => set('email', event.currentTarget.value)} error={told('email')} />
        <PasswordInput
          label={t('login.password')}
          description={t('setup.passwordNote')}
          required
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t('login.show') }}
          value={form.password}
          onChange={(event) => set('password', event.currentTarget.value)}
          error={told('password')}
        />
        <NativeSelect label={t('frame.language')} value={form.language} onChange={(event) => set('language', event.currentTarget.value)} data={kLanguages.map((value) => ({ value, label: kLanguageNames[value] }))} />
        <NativeSelect label={t('office.timezone')} value={form.timezone} onChange={(event) => set('timezone', event.currentTarget.value)} data={[...new Set([form.timezone, ...Intl.supportedValuesOf('timeZone')])]} error={told('timezone')} />
        <TextInput label={t('office.country')} description={t('office.note_country')} value={form.country} maxLength={2} onChange={(event) => set('country', event.currentTarget.value.toUpperCase())} error={told('country')} />
        <Row justify="flex-end">
          <Button type="submit" loading={busy}>
            {t('setup.next')}
          </Button>
        </Row>
      </Stack>
    </form>
  );
}

export default function SetupPage() {
  const { t } = useTranslation();
  const { session } = useSession();
  const once = new URLSearchParams(useSearch()).get('once') ?? '';
  const [step, setStep] = useState(0);
  const [made, setMade] = useState<Made>({ people: [] });
  const state = useQuery({
    queryKey: ['setup', once],
    queryFn: async () => (await get<SetupState>('/api/v1/setup', { query: { once }, once: true })).data,
    staleTime: Infinity,
  });
  const next = () => setStep(step + 1);
  const body = () => {
    if (state.isPending) return <Loader />;
    if (state.error) return <Failed error={state.error} retry={() => void state.refetch()} />;
    if (step === 0 && session) return <Empty text={t('setup.already')}><Link href="/">{t('page.today')}</Link></Empty>;
    if (step === 0 && !state.data.valid)
      return (
        <Empty text={state.data.needed ? t('setup.linkGone') : t('setup.notNeeded')}>
          <Link href="/">{t('login.go')}</Link>
        </Empty>
      );
    return (
      <Stepper active={step} size="sm" onStepClick={(to) => to > 0 && to < step && setStep(to)} allowNextStepsSelect={false}>
        <Stepper.Step label={t('setup.step1')}>
          <AccountStep once={once} state={state.data} done={next} />
        </Stepper.Step>
        <Stepper.Step label={t('setup.step2')}>
          <PeopleStep made={made} setMade={setMade} next={next} />
        </Stepper.Step>
        <Stepper.Step label={t('setup.step3')}>
          <PlanStep made={made} setMade={setMade} next={next} />
        </Stepper.Step>
        <Stepper.Step label={t('setup.step4')}>
          <PhonesStep made={made} next={next} />
        </Stepper.Step>
        <Stepper.Step label={t('setup.step5')}>
          <CallStep made={made} />
        </Stepper.Step>
      </Stepper>
    );
  };
  return (
    <Center p="md" component="main">
      <Stack w="min(60rem, 100%)">
        <Row justify="space-between">
          <Row gap="xs">
            <img src="/harrier.svg" alt="" width={32} height={32} />
            <Title order={1} size="h2">
              {t('setup.title')}
            </Title>
          </Row>
          <Appearance />
        </Row>
        {step > 0 ? <StreamProvider>{body()}</StreamProvider> : body()}
      </Stack>
    </Center>
  );
}
