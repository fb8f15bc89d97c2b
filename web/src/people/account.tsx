// The four fields that a phone asks for; each is copied with one click. The password is seen once.
import { Button, CopyButton, Group as Row, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useValue } from '../api/lists';
import type { Registration, Page, Settings, System, User } from '../api/types';
import { Loading, Tag } from '../parts/states';
import { waveAccount, type SoftphoneAccount } from './softphone';

const QrCode = lazy(() => import('../parts/qr_code'));

/** "udp://0.0.0.0:5060" as what a phone on this network has to be told. */
export function phoneServer(listener: string, host: string): { transport: string; server: string } | undefined {
  const found = /^(udp|tcp|tls):\/\/(.*):(\d+)$/.exec(listener);
  if (!found) return undefined;
  const [, transport = '', bound = '', port = ''] = found;
  const any = bound === '0.0.0.0' || bound === '[::]' || bound === '*';
  return { transport, server: `${any ? host : bound}:${port}` };
}

function Field({ label, value }: { label: string; value: string }) {
  const { t } = useTranslation();
  return (
    <Row justify="space-between" wrap="nowrap">
      <Text size="sm" c="dimmed" w="6rem">
        {label}
      </Text>
      <code style={{ flex: 1, overflowWrap: 'anywhere' }} data-testid={`account-${label}`}>
        {value}
      </code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="default" onClick={copy} aria-label={t('account.copy', { what: label })}>
            {copied ? t('common.copied') : t('common.copy')}
          </Button>
        )}
      </CopyButton>
    </Row>
  );
}

function SoftphoneCode({ account }: { account: SoftphoneAccount }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <Stack gap={4} align="flex-start">
      <Button size="compact-sm" variant="default" aria-expanded={shown} onClick={() => setShown(!shown)}>
        {t('account.qr')}
      </Button>
      {shown && (
        <Suspense fallback={<Loading />}>
          <Text size="sm">{t('account.qrNote')}</Text>
          <QrCode text={waveAccount(account)} label={t('account.qr')} />
        </Suspense>
      )}
    </Stack>
  );
}

export function Account({ user, username, password }: { user: User; username?: string; password: string }) {
  const { t } = useTranslation();
  const settings = useValue<Settings>('office', '/api/v1/settings');
  const system = useValue<System>('state', '/api/v1/system');
  const phones = useValue<Page<Registration>>('registrations', '/api/v1/registrations', { user: user.id });
  // Nobody copies a field that is not known yet.
  if (settings.isPending || system.isPending) return <Loading />;
  const servers = (system.data?.listeners ?? []).flatMap((one) => {
    const found = phoneServer(one, window.location.hostname);
    return found ? [found] : [];
  });
  const first = servers.find((one) => one.transport === 'udp') ?? servers[0];
  return (
    <div className="panel" data-testid="account">
      <Stack gap={4}>
        <Field label={t('account.user')} value={username ?? user.sip.username} />
        <Field label={t('account.password')} value={password} />
        <Field label={t('account.domain')} value={settings.data?.tenant ?? ''} />
        {first && <Field label={t('account.server')} value={first.server} />}
        {first && <Field label={t('account.transport')} value={first.transport.toUpperCase()} />}
        <Text size="sm" c="dimmed">
          {t('account.once')}
        </Text>
        {first && settings.data && (
          <SoftphoneCode account={{ domain: settings.data.tenant ?? '', server: first.server, username: username ?? user.sip.username, password, name: user.name || user.extension }} />
        )}
        <div role="status">
          {phones.data?.items.length ? (
            phones.data.items.map((phone) => (
              <Tag key={phone.contact} kind="good">
                {t('account.registered', { phone: phone.user_agent || phone.username, transport: phone.transport, source: phone.source })}
              </Tag>
            ))
          ) : (
            <Tag kind="warn">{t('account.waiting', { name: user.name || user.extension })}</Tag>
          )}
        </div>
      </Stack>
    </div>
  );
}
