import { Alert, Box, Button, Center, Group, Modal, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/problem';
import { Appearance } from '../frame/appearance';
import { useSession } from './session';

function useLoginForm(login: string) {
  const { t } = useTranslation();
  const session = useSession();
  const [name, setName] = useState(login);
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const [asksTotp, setAsksTotp] = useState(false);
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);

  const troubleOf = (error: unknown): string => {
    if (!(error instanceof Problem)) return t('error.away');
    const code = error.document.errors?.[0]?.code;
    if (error.status === 429) return t('login.wait', { count: error.retryAfter || 5 });
    if (code === 'totp_required') return '';
    if (code === 'totp_wrong') return t('login.totpWrong');
    if (error.status === 401) return t('login.wrong');
    return error.message;
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setTrouble('');
    try {
      await session.login({ login: name, password, ...(totp && { totp }) });
    } catch (error) {
      const code = error instanceof Problem ? error.document.errors?.[0]?.code : '';
      if (code === 'totp_required' || code === 'totp_wrong') setAsksTotp(true);
      setTrouble(troubleOf(error));
    } finally {
      setBusy(false);
    }
  };
  const form = (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        {trouble && (
          <Alert color="red" variant="outline" role="alert">
            {trouble}
          </Alert>
        )}
        <TextInput
          label={t('login.name')}
          description={t('login.nameHint')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="username"
          required
          data-autofocus
        />
        <PasswordInput
          label={t('login.password')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('login.show') }}
          required
        />
        {asksTotp && (
          <TextInput
            label={t('login.totp')}
            value={totp}
            onChange={(event) => setTotp(event.currentTarget.value)}
            autoComplete="one-time-code"
            inputMode="numeric"
            maxLength={6}
            autoFocus
          />
        )}
        <Button type="submit" loading={busy}>
          {t('login.go')}
        </Button>
      </Stack>
    </form>
  );
  return form;
}

export function LoginPage() {
  const { t } = useTranslation();
  const form = useLoginForm('');
  return (
    <Center mih="100vh" p="md" component="main">
      <Stack w="min(24rem, 100%)">
        <Group justify="space-between">
          <Group gap="xs">
            <img src="/harrier.svg" alt="" width={36} height={36} />
            <Title order={1} size="h2">
              Harrier
            </Title>
          </Group>
          <Appearance />
        </Group>
        <Text c="dimmed">{t('login.welcome')}</Text>
        <Box>{form}</Box>
        <Text c="dimmed" size="sm">
          {t('login.forgotten')}
        </Text>
      </Stack>
    </Center>
  );
}

/** Over the page, when the session ended: nothing that was typed is lost. */
export function RenewDialog() {
  const { t } = useTranslation();
  const { session, expired } = useSession();
  const form = useLoginForm(session?.login ?? '');
  return (
    <Modal opened={expired} onClose={() => {}} withCloseButton={false} title={t('login.expired')}>
      <Text mb="md">{t('login.expiredText')}</Text>
      {form}
    </Modal>
  );
}
