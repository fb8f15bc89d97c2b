// Who may use these pages besides the users themselves.
import { Button, Group as Row, NativeSelect, PasswordInput, Stack, TagsInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, patch, post, remove } from '../api/client';
import { useAll } from '../api/lists';
import type { Admin } from '../api/types';
import { NewThing } from '../edit/new_thing';
import { Failed, Loading, Tag } from '../parts/states';
import { DataTable } from '../parts/table';
import { useToast } from '../parts/toast';
import { useMyself } from '../session/session';

type Role = NonNullable<Admin['role']>;
const kRoles: Role[] = ['administrator', 'group_manager', 'read_only'];

function NewAccount({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role>('administrator');
  const [groups, setGroups] = useState<string[]>([]);
  return (
    <NewThing
      title={t('accounts.new')}
      list="/api/v1/admins"
      body={() => ({ email, password, role, ...(role === 'group_manager' ? { groups } : {}) })}
      shown={['/email', '/password', '/role', '/groups']}
      close={close}
      fields={(told) => (
        <>
          <TextInput label={t('people.email')} type="email" required data-autofocus value={email} onChange={(event) => setEmail(event.currentTarget.value)} error={told('/email')} />
          <PasswordInput
            label={t('login.password')}
            description={t('setup.passwordNote')}
            required
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': t('login.show') }}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={told('/password')}
          />
          <NativeSelect label={t('accounts.role')} value={role} onChange={(event) => setRole(event.currentTarget.value as Role)} data={kRoles.map((value) => ({ value, label: t(`role.${value}`) }))} error={told('/role')} />
          {role === 'group_manager' && <TagsInput label={t('page.groups')} description={t('common.enterAdds')} value={groups} onChange={setGroups} error={told('/groups')} />}
        </>
      )}
    />
  );
}

export function Accounts() {
  const { t } = useTranslation();
  const toast = useToast();
  const session = useMyself();
  const queries = useQueryClient();
  const [creating, setCreating] = useState(false);
  const list = useAll<Admin>('office', '/api/v1/admins');
  const act = async (email: string, work: (etag: string) => Promise<unknown>) => {
    try {
      const now = await get<Admin>('/api/v1/admins/{id}', { path: { id: email } });
      await work(now.etag);
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
    await queries.invalidateQueries({ queryKey: ['office'] });
  };
  const link = async () => {
    try {
      const made = await post<{ link: string }>('/api/v1/setup/links');
      await navigator.clipboard?.writeText(made.data.link).catch(() => undefined);
      toast({ text: t('accounts.link', { link: made.data.link }) });
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
  };
  if (list.isPending) return <Loading />;
  if (list.error) return <Failed error={list.error} retry={() => void list.refetch()} />;
  return (
    <Stack>
      <Row>
        <Button onClick={() => setCreating(true)}>{t('accounts.new')}</Button>
        <Button variant="default" onClick={() => void link()}>
          {t('accounts.makeLink')}
        </Button>
      </Row>
      <DataTable
        label={t('system.tab_accounts')}
        columns={[
          { key: 'email', label: t('people.email'), render: (one: Admin) => one.email },
          {
            key: 'role',
            label: t('accounts.role'),
            render: (one) => (
              <NativeSelect
                size="xs"
                aria-label={`${t('accounts.role')} ${one.email}`}
                value={one.role ?? 'administrator'}
                disabled={one.email === session.login}
                onChange={(event) => {
                  const role = event.currentTarget.value;
                  void act(one.email, (etag) => patch('/api/v1/admins/{id}', { path: { id: one.email }, body: { role }, etag }));
                }}
                data={kRoles.map((value) => ({ value, label: t(`role.${value}`) }))}
              />
            ),
          },
          { key: 'groups', label: t('page.groups'), render: (one) => (one.groups ?? []).join(', ') },
          { key: 'totp', label: t('login.totp'), render: (one) => one.totp && <Tag kind="good">{t('common.on')}</Tag> },
          {
            key: 'actions',
            label: '',
            render: (one) =>
              one.email !== session.login && (
                <Button
                  size="compact-sm"
                  color="red"
                  variant="outline"
                  onClick={() =>
                    window.confirm(t('accounts.removeAsk', { email: one.email })) &&
                    void act(one.email, (etag) => remove('/api/v1/admins/{id}', { path: { id: one.email }, etag }))
                  }
                >
                  {t('common.remove')}
                </Button>
              ),
          },
        ]}
        rows={list.items}
        idOf={(one) => one.email}
      />
      {creating && <NewAccount close={() => setCreating(false)} />}
    </Stack>
  );
}
