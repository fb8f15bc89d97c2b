// A window in which one phone fetches its settings once: its kind, by which address it reaches us,
// then the address that is typed into the phone, scanned, or given out by DHCP.
import { Button, CopyButton, Group as Row, Modal, NativeSelect, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../api/client';
import { useAll } from '../api/lists';
import { findingsByField, Problem } from '../api/problem';
import type { Group, ProvisionWindow } from '../api/types';
import { Findings } from '../edit/save_bar';
import { useFormat } from '../i18n/format';
import { Icon } from '../parts/icon';
import { Loading } from '../parts/states';
import { dhcpSnippets, kProvisionedKinds, type ProvisionedKind } from './provision_words';

const QrCode = lazy(() => import('../parts/qr_code'));

function Copied({ label, text }: { label: string; text: string }) {
  const { t } = useTranslation();
  return (
    <div>
      <Row justify="space-between">
        <Text size="sm" c="dimmed">
          {label}
        </Text>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="default" onClick={copy} aria-label={t('account.copy', { what: label })}>
              {copied ? t('common.copied') : t('common.copy')}
            </Button>
          )}
        </CopyButton>
      </Row>
      <pre style={{ margin: 0, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} data-testid={`provision-${label}`}>
        {text}
      </pre>
    </div>
  );
}

function Opened({ opened }: { opened: ProvisionWindow }) {
  const { t } = useTranslation();
  const format = useFormat();
  const softphone = opened.phone === 'linphone';
  return (
    <Stack gap="sm" data-testid="provision-window">
      <Text>{t(softphone ? 'provision.scan' : 'provision.type')}</Text>
      <Copied label="URL" text={opened.url} />
      {softphone && (
        <Suspense fallback={<Loading />}>
          <QrCode text={opened.url} label={t('provision.qr')} />
        </Suspense>
      )}
      <Text size="sm">{t('provision.until', { time: format.moment(opened.expires) })}</Text>
      <Text size="sm">{t('provision.registers', { server: `${opened.server}:${opened.port}`, transport: opened.transport.toUpperCase() })}</Text>
      {!softphone && (
        <details>
          <summary>{t('provision.dhcp')}</summary>
          <Stack gap="xs" mt="xs">
            <Text size="sm">{t('provision.dhcpNote')}</Text>
            {dhcpSnippets(opened.url).map(([name, text]) => (
              <Copied key={name} label={name} text={text} />
            ))}
          </Stack>
        </details>
      )}
    </Stack>
  );
}

function Wishes({ user, device, kind, done, close }: { user: string; device: string; kind: string; done: (opened: ProvisionWindow) => void; close: () => void }) {
  const { t } = useTranslation();
  const groups = useAll<Group>('office', '/api/v1/groups');
  const [phone, setPhone] = useState<ProvisionedKind>(kProvisionedKinds.find((one) => one === kind) ?? 'yealink');
  const [server, setServer] = useState(window.location.hostname);
  const [minutes, setMinutes] = useState<number | string>(30);
  const [lamps, setLamps] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const errors = findingsByField(problem?.document.errors);
  const told = (field: string) => errors.get(`/${field}`)?.map((one) => one.detail).join(' ');
  const open = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      const body = { phone, server, minutes: Number(minutes), ...(lamps ? { lamps } : {}) };
      done((await post<ProvisionWindow>('/api/v1/users/{id}/devices/{device}/provision', { path: { id: user, device }, body })).data);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void open(event)}>
      <Stack>
        <Text size="sm">{t('provision.note')}</Text>
        <NativeSelect label={t('people.kind')} value={phone} onChange={(event) => setPhone(event.currentTarget.value as ProvisionedKind)} data={kProvisionedKinds.map((value) => ({ value, label: value }))} error={told('phone')} />
        <TextInput label={t('provision.server')} description={t('provision.serverNote')} required value={server} onChange={(event) => setServer(event.currentTarget.value)} error={told('server')} />
        <NumberInput label={t('provision.minutes')} value={minutes} min={1} max={1440} allowDecimal={false} onChange={setMinutes} error={told('minutes')} />
        <NativeSelect
          label={t('provision.lamps')}
          description={t('provision.lampsNote')}
          value={lamps}
          onChange={(event) => setLamps(event.currentTarget.value)}
          data={[{ value: '', label: t('provision.noLamps') }, ...groups.items.flatMap((group) => (group.extensions[0] ? [{ value: group.extensions[0], label: `${group.name} · ${group.extensions[0]}` }] : []))]}
          error={told('lamps')}
        />
        {problem && errors.size === 0 && <Findings bad title={t('error.failed')} findings={[{ detail: problem.message }]} />}
        <Row justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('provision.open')}
          </Button>
        </Row>
      </Stack>
    </form>
  );
}

/** `device`: the id of a device that is saved, or "sip": the account that all phones share. */
export function ProvisionButton({ user, device, kind, label, disabled }: { user: string; device: string; kind: string; label: string; disabled?: boolean }) {
  const { t } = useTranslation();
  const [asks, setAsks] = useState(false);
  const [opened, setOpened] = useState<ProvisionWindow>();
  const close = () => {
    setAsks(false);
    setOpened(undefined);
  };
  return (
    <>
      <Button variant="default" leftSection={<Icon name="phones" />} disabled={disabled ?? false} onClick={() => setAsks(true)}>
        {label}
      </Button>
      <Modal opened={asks} onClose={close} size="lg" title={label} closeButtonProps={{ 'aria-label': t('common.close') }}>
        {opened ? <Opened opened={opened} /> : <Wishes user={user} device={device} kind={kind} done={setOpened} close={close} />}
      </Modal>
    </>
  );
}
