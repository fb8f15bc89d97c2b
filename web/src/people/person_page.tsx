// One person: phones, forwarding, rules, mailbox, rights.
import { ActionIcon, Button, Group as Row, NativeSelect, SimpleGrid, Stack, Switch, Tabs, TagsInput, Text, TextInput, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { useAll, useList } from '../api/lists';
import type { CallRecord, Device, Registration, User } from '../api/types';
import { useCallColumns } from '../calls/calls_page';
import { useEditor, useRemoving, type Editor } from '../edit/editor';
import { RemoveButton } from '../edit/remove_button';
import { SaveBar } from '../edit/save_bar';
import { ThingHistory } from '../history/thing_history';
import { useFormat } from '../i18n/format';
import { Icon } from '../parts/icon';
import { Empty, Failed, Loading, PageHead } from '../parts/states';
import { DataTable } from '../parts/table';
import { RulesList } from '../rules/rules_list';
import { mayChange, useMyself } from '../session/session';
import { Account } from './account';
import { ForwardFields } from './forward_fields';
import { ProvisionButton } from './provision';
import { kProvisionedKinds } from './provision_words';
import { freshSecret } from './secret';
import { StateTag } from './state_tag';

// What the server makes a difference for.
const kPhoneKinds = [...kProvisionedKinds, 'polycom', 'cisco', 'fanvil'];

interface Part {
  editor: Editor<User>;
  user: User;
  readOnly: boolean;
}

function Basics({ editor, user, readOnly }: Part) {
  const { t } = useTranslation();
  const text = (field: 'name' | 'extension' | 'email') => (
    <TextInput
      label={t(`people.${field}`)}
      value={user[field]}
      disabled={readOnly}
      onChange={(event) => editor.change({ [field]: event.currentTarget.value })}
      error={editor.fieldError(`/${field}`)}
    />
  );
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} pt="md">
      {text('name')}
      {text('extension')}
      {text('email')}
      <TagsInput
        label={t('people.aliases')}
        description={t('common.enterAdds')}
        value={user.aliases}
        disabled={readOnly}
        onChange={(aliases) => editor.change({ aliases })}
        error={editor.fieldError('/aliases') ?? editor.fieldError('/aliases/0')}
      />
      <Switch label={t('people.enabled')} checked={user.enabled} disabled={readOnly} onChange={(event) => editor.change({ enabled: event.currentTarget.checked })} />
      <Switch
        label={t('people.dnd')}
        checked={user.do_not_disturb}
        disabled={readOnly}
        onChange={(event) => editor.change({ do_not_disturb: event.currentTarget.checked })}
      />
      <Switch
        label={t('people.paused')}
        description={t('people.pausedNote')}
        checked={user.paused !== ''}
        disabled={readOnly}
        onChange={(event) => editor.change({ paused: event.currentTarget.checked ? 'yes' : '' })}
      />
    </SimpleGrid>
  );
}

function Phones({ editor, user, base, readOnly }: Part & { base: User }) {
  const { t } = useTranslation();
  const format = useFormat();
  const phones = useAll<Registration>('registrations', '/api/v1/registrations', { user: user.id });
  const [fresh, setFresh] = useState<{ username: string; password: string }>();
  const setDevices = (devices: Device[]) => editor.change({ devices });
  const newPassword = () => {
    const password = freshSecret();
    editor.change({ sip: { ...user.sip, password } });
    setFresh({ username: user.sip.username, password });
  };
  const addDevice = () => {
    const id = `phone-${user.devices.length + 1}`;
    const made = { id, username: `${user.extension}-${user.devices.length + 1}`, password: freshSecret(), phone: '' };
    setDevices([...user.devices, made]);
    setFresh({ username: made.username, password: made.password });
  };
  return (
    <Stack pt="md">
      {phones.items.length === 0 ? (
        <Empty text={t('people.noPhones')} />
      ) : (
        <DataTable
          label={t('people.phones')}
          columns={[
            { key: 'ua', label: t('people.phone'), render: (phone: Registration) => phone.user_agent || phone.username },
            { key: 'source', label: t('people.source'), render: (phone) => `${phone.transport} ${phone.source}` },
            { key: 'contact', label: t('people.contact'), render: (phone) => <code style={{ overflowWrap: 'anywhere' }}>{phone.contact}</code> },
            { key: 'expires', label: t('people.until'), render: (phone) => format.time(phone.expires) },
          ]}
          rows={phones.items}
          idOf={(phone) => `${phone.username} ${phone.contact}`}
        />
      )}
      {!readOnly && (
        <>
          <Text size="sm">{t('people.accountNote', { username: user.sip.username })}</Text>
          {user.devices.map((device, i) => (
            <Row key={i} align="flex-end">
              <TextInput
                label={t('people.device')}
                value={device.id}
                onChange={(event) => setDevices(user.devices.map((one, j) => (j === i ? { ...one, id: event.currentTarget.value } : one)))}
                error={editor.fieldError(`/devices/${i}/id`)}
              />
              <TextInput
                label={t('account.user')}
                value={device.username}
                onChange={(event) => setDevices(user.devices.map((one, j) => (j === i ? { ...one, username: event.currentTarget.value } : one)))}
                error={editor.fieldError(`/devices/${i}/username`)}
              />
              <NativeSelect
                label={t('people.kind')}
                value={device.phone}
                onChange={(event) => setDevices(user.devices.map((one, j) => (j === i ? { ...one, phone: event.currentTarget.value } : one)))}
                data={[...new Set(['', ...kPhoneKinds, device.phone])].map((value) => ({ value, label: value || t('people.kindUnknown') }))}
                error={editor.fieldError(`/devices/${i}/phone`)}
              />
              <ProvisionButton
                user={base.id}
                device={device.id}
                kind={device.phone}
                label={t('provision.give', { what: device.id })}
                disabled={!base.devices.some((one) => one.id === device.id)}
              />
              <ActionIcon variant="default" size="lg" aria-label={t('common.removeWhat', { what: device.id })} onClick={() => setDevices(user.devices.filter((_, j) => j !== i))}>
                <Icon name="trash" />
              </ActionIcon>
            </Row>
          ))}
          <Row>
            <Button variant="default" onClick={newPassword}>
              {t('people.newPassword')}
            </Button>
            <Button variant="default" leftSection={<Icon name="plus" />} onClick={addDevice}>
              {t('people.addDevice')}
            </Button>
            <ProvisionButton user={base.id} device="sip" kind="" label={t('provision.give', { what: user.sip.username })} />
          </Row>
          {fresh && (
            <>
              {editor.dirty && <Text c="dimmed">{t('people.saveFirst')}</Text>}
              <Account user={user} username={fresh.username} password={fresh.password} />
            </>
          )}
        </>
      )}
    </Stack>
  );
}

function Rights({ editor, user, readOnly }: Part) {
  const { t } = useTranslation();
  return (
    <Stack pt="md">
      {(['own_rules', 'own_chain', 'external'] as const).map((right) => (
        <Switch
          key={right}
          label={t(`people.right_${right}`)}
          checked={user.permissions[right]}
          disabled={readOnly}
          onChange={(event) => editor.change({ permissions: { ...user.permissions, [right]: event.currentTarget.checked } })}
        />
      ))}
      <Switch
        label={t('people.mailbox')}
        checked={user.mailbox !== undefined && user.mailbox !== null}
        disabled={readOnly}
        onChange={(event) =>
          editor.change((now) => {
            const next = { ...now };
            if (event.currentTarget.checked) next.mailbox = { email: true };
            else delete next.mailbox;
            return next;
          })
        }
      />
      {user.mailbox && (
        <Row align="flex-end">
          <PasswordInput
            label={t('people.pin')}
            description={t('people.pinNote')}
            value={user.mailbox.pin ?? ''}
            disabled={readOnly}
            inputMode="numeric"
            visibilityToggleButtonProps={{ 'aria-label': t('login.show') }}
            onChange={(event) => editor.change({ mailbox: { email: user.mailbox?.email ?? true, ...(event.currentTarget.value ? { pin: event.currentTarget.value } : {}) } })}
            error={editor.fieldError('/mailbox/pin')}
          />
          <Switch
            label={t('people.mailboxEmail')}
            checked={user.mailbox.email}
            disabled={readOnly}
            onChange={(event) => editor.change({ mailbox: { ...user.mailbox, email: event.currentTarget.checked } })}
          />
          <Button component={Link} href={`/mailboxes/${encodeURIComponent(user.extension)}`} variant="default">
            {t('people.messages')}
          </Button>
        </Row>
      )}
      <PasswordInput
        label={t('people.webPassword')}
        description={t('people.webPasswordNote')}
        value={user.web_password ?? ''}
        disabled={readOnly}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('login.show') }}
        onChange={(event) =>
          editor.change((now) => {
            const next = { ...now, web_password: event.currentTarget.value };
            if (next.web_password === '') delete (next as Partial<User>).web_password;
            return next;
          })
        }
        error={editor.fieldError('/web_password')}
      />
    </Stack>
  );
}

function Calls({ user }: { user: User }) {
  const { t } = useTranslation();
  const columns = useCallColumns();
  const calls = useList<CallRecord>('records', '/api/v1/records', { answered_by: user.extension, limit: 20 });
  if (calls.isPending) return <Loading />;
  if (calls.items.length === 0) return <Empty text={t('calls.nothingHere')} />;
  return <DataTable label={t('page.calls')} columns={columns} rows={calls.items} idOf={(call) => call.id} />;
}

export default function PersonPage({ id = '' }: { id?: string }) {
  const { t } = useTranslation();
  const session = useMyself();
  const [, go] = useLocation();
  const editor = useEditor<User>('/api/v1/users/{id}', id);
  const removing = useRemoving();
  const list = useAll<User>('state', '/api/v1/users', { q: editor.base?.extension ?? '', expand: 'state' }, editor.base !== undefined);
  const { draft: user, base } = editor;
  if (editor.loading) return <Loading />;
  if (!user || !base) return <Failed error={editor.error} retry={editor.reload} />;
  const readOnly = !mayChange(session);
  const part = { editor, user, readOnly };
  const now = list.items.find((one) => one.id === base.id)?.state;
  return (
    <>
      <PageHead title={user.name || user.extension} icon="people" note={user.extension}>
        <StateTag state={now} />
        <Button component={Link} href={`/simulator?number=${encodeURIComponent(user.extension)}`} variant="default" size="xs">
          {t('group.simulate')}
        </Button>
      </PageHead>
      {!readOnly && <SaveBar editor={editor} />}
      <Tabs defaultValue="basics" keepMounted={false}>
        <Tabs.List>
          {(['basics', 'phones', 'forward', 'rules', 'rights', 'calls', 'history'] as const).map((tab) => (
            <Tabs.Tab key={tab} value={tab}>
              {t(`people.tab_${tab}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="basics">
          <Basics {...part} />
        </Tabs.Panel>
        <Tabs.Panel value="phones">
          <Phones {...part} base={base} />
        </Tabs.Panel>
        <Tabs.Panel value="forward">
          <ForwardFields forward={user.forward} change={(forward) => editor.change({ forward })} disabled={readOnly} fieldError={editor.fieldError} />
        </Tabs.Panel>
        <Tabs.Panel value="rules" pt="md">
          <RulesList rules={user.rules} own={user.extension} change={(rules) => editor.change({ rules })} readOnly={readOnly} mayLock office fieldError={editor.fieldError} />
        </Tabs.Panel>
        <Tabs.Panel value="rights">
          <Rights {...part} />
        </Tabs.Panel>
        <Tabs.Panel value="calls" pt="md">
          <Calls user={base} />
        </Tabs.Panel>
        <Tabs.Panel value="history" pt="md">
          <ThingHistory kind="users" id={base.id} />
        </Tabs.Panel>
      </Tabs>
      {!readOnly && (
        <RemoveButton
          what={base.name || base.extension}
          run={async (replace) => {
            await removing('users', '/api/v1/users/{id}', base, `"${base.revision}"`, base.name || base.extension, replace);
            go('/people');
          }}
        />
      )}
    </>
  );
}
