// Keys for machines; the secret is shown once.
import { Button, CopyButton, Group as Row, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { post, remove } from '../api/client';
import { useAll } from '../api/lists';
import type { Token } from '../api/types';
import { useFormat } from '../i18n/format';
import { Empty, Failed, Loading } from '../parts/states';
import { DataTable } from '../parts/table';
import { useToast } from '../parts/toast';

export function Tokens() {
  const { t } = useTranslation();
  const format = useFormat();
  const toast = useToast();
  const queries = useQueryClient();
  const list = useAll<Token>('tokens', '/api/v1/tokens');
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState('read');
  const [secret, setSecret] = useState('');
  const make = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const made = await post<{ token: string }>('/api/v1/tokens', { body: { name, scopes } });
      setSecret(made.data.token);
      setName('');
      await queries.invalidateQueries({ queryKey: ['tokens'] });
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
  };
  const revoke = async (token: Token) => {
    if (!window.confirm(t('tokens.removeAsk', { name: token.name }))) return;
    try {
      await remove('/api/v1/tokens/{id}', { path: { id: token.id } });
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
    await queries.invalidateQueries({ queryKey: ['tokens'] });
  };
  return (
    <Stack>
      <form onSubmit={(event) => void make(event)}>
        <Row align="flex-end">
          <TextInput label={t('tokens.name')} required value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <NativeSelect
            label={t('tokens.scopes')}
            value={scopes}
            onChange={(event) => setScopes(event.currentTarget.value)}
            data={[
              { value: 'read', label: t('tokens.read') },
              { value: 'admin', label: t('tokens.admin') },
              { value: 'calls:read records:read events:read', label: t('tokens.calls') },
              { value: 'groups:read groups:write users:read', label: t('tokens.groups') },
            ]}
          />
          <Button type="submit">{t('tokens.make')}</Button>
        </Row>
      </form>
      {secret && (
        <Row className="panel">
          <code style={{ overflowWrap: 'anywhere' }}>{secret}</code>
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button size="xs" variant="default" onClick={copy}>
                {copied ? t('common.copied') : t('common.copy')}
              </Button>
            )}
          </CopyButton>
          <Text size="sm">{t('tokens.once')}</Text>
        </Row>
      )}
      {list.isPending ? (
        <Loading />
      ) : list.error ? (
        <Failed error={list.error} />
      ) : list.items.length === 0 ? (
        <Empty text={t('tokens.empty')} />
      ) : (
        <DataTable
          label={t('system.tab_tokens')}
          columns={[
            { key: 'name', label: t('tokens.name'), render: (token: Token) => token.name },
            { key: 'scopes', label: t('tokens.scopes'), render: (token) => <code>{token.scopes}</code> },
            { key: 'created', label: t('tokens.created'), render: (token) => format.moment(token.created) },
            {
              key: 'remove',
              label: '',
              render: (token) => (
                <Button size="compact-sm" color="red" variant="outline" onClick={() => void revoke(token)}>
                  {t('tokens.revoke')}
                </Button>
              ),
            },
          ]}
          rows={list.items}
          idOf={(token) => token.id}
        />
      )}
    </Stack>
  );
}
