// The own password and the second factor.
import { Alert, Button, Group as Row, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post, put, send } from '../api/client';
import { Problem } from '../api/problem';
import type { Session } from '../api/types';
import { useToast } from '../parts/toast';
import { useMyself, useSession } from '../session/session';

const QrCode = lazy(() => import('../parts/qr_code'));

function Trouble({ text }: { text: string }) {
  return text ? (
    <Alert color="red" variant="outline" role="alert">
      {text}
    </Alert>
  ) : null;
}

function textOf(error: unknown): string {
  if (!(error instanceof Problem)) throw error;
  return error.document.errors?.map((one) => one.detail).join(' ') || error.message;
}

function Password() {
  const { t } = useTranslation();
  const toast = useToast();
  const [current, setCurrent] = useState('');
  const [fresh, setFresh] = useState('');
  const [trouble, setTrouble] = useState('');
  const change = async (event: FormEvent) => {
    event.preventDefault();
    setTrouble('');
    try {
      await post('/api/v1/session/password', { body: { current, new: fresh } });
      setCurrent('');
      setFresh('');
      toast({ text: t('security.changed') });
    } catch (error) {
      setTrouble(textOf(error));
    }
  };
  return (
    <form onSubmit={(event) => void change(event)}>
      <Stack maw={420}>
        <Title order={2} size="h4">
          {t('security.password')}
        </Title>
        <Trouble text={trouble} />
        <PasswordInput label={t('security.current')} required autoComplete="current-password" visibilityToggleButtonProps={{ 'aria-label': t('login.show') }} value={current} onChange={(event) => setCurrent(event.currentTarget.value)} />
        <PasswordInput label={t('security.new')} description={t('setup.passwordNote')} required autoComplete="new-password" visibilityToggleButtonProps={{ 'aria-label': t('login.show') }} value={fresh} onChange={(event) => setFresh(event.currentTarget.value)} />
        <Row>
          <Button type="submit">{t('security.change')}</Button>
        </Row>
      </Stack>
    </form>
  );
}

function SecondFactor() {
  const { t } = useTranslation();
  const session = useMyself();
  const { take } = useSession();
  const [secret, setSecret] = useState<{ secret: string; uri: string }>();
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const [trouble, setTrouble] = useState('');
  const work = async (run: () => Promise<unknown>) => {
    setTrouble('');
    try {
      await run();
      take((await get<Session>('/api/v1/session')).data);
    } catch (error) {
      setTrouble(textOf(error));
    }
  };
  return (
    <Stack maw={420}>
      <Title order={2} size="h4">
        {t('security.totp')}
      </Title>
      <Trouble text={trouble} />
      {session.totp ? (
        <>
          <Text>{t('security.totpOn')}</Text>
          <PasswordInput label={t('login.password')} visibilityToggleButtonProps={{ 'aria-label': t('login.show') }} value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
          <Row>
            <Button color="red" variant="outline" onClick={() => void work(() => send('DELETE', '/api/v1/session/totp', { body: { password } }))}>
              {t('security.totpOff')}
            </Button>
          </Row>
        </>
      ) : secret ? (
        <>
          <Text>{t('security.totpScan')}</Text>
          <Suspense fallback={null}>
            <QrCode text={secret.uri} label={t('security.totpQr')} />
          </Suspense>
          <code style={{ overflowWrap: 'anywhere' }}>{secret.secret}</code>
          <a href={secret.uri}>{t('security.totpOpen')}</a>
          <TextInput label={t('login.totp')} inputMode="numeric" maxLength={6} value={code} onChange={(event) => setCode(event.currentTarget.value)} />
          <Row>
            <Button
              onClick={() =>
                void work(async () => {
                  await put('/api/v1/session/totp', { body: { secret: secret.secret, code } });
                  setSecret(undefined);
                })
              }
            >
              {t('security.totpConfirm')}
            </Button>
          </Row>
        </>
      ) : (
        <Row>
          <Button
            variant="default"
            onClick={() =>
              void work(async () => setSecret((await post<{ secret: string; uri: string }>('/api/v1/session/totp')).data))
            }
          >
            {t('security.totpStart')}
          </Button>
        </Row>
      )}
    </Stack>
  );
}

export function OwnSecurity() {
  return (
    <Stack gap="xl">
      <Password />
      <SecondFactor />
    </Stack>
  );
}
