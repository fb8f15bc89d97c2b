// One SIP number of the chain: its four fields on a page of their own.
import { SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useAll } from '../api/lists';
import type { ChainRow } from '../api/types';
import { useEditor, useRemoving } from '../edit/editor';
import { RemoveButton } from '../edit/remove_button';
import { SaveBar } from '../edit/save_bar';
import { Failed, Loading, PageHead } from '../parts/states';
import { mayChange, useMyself } from '../session/session';
import { WalkPicture } from './chain_page';
import { fieldText, kChainFields, withField } from './fields';
import { walkFrom } from './walk';

export default function RowPage({ id = '' }: { id?: string }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const may = mayChange(useMyself());
  const editor = useEditor<ChainRow>('/api/v1/chain/{id}', id);
  const removing = useRemoving();
  const all = useAll<ChainRow>('office', '/api/v1/chain');
  const { draft: row, base } = editor;
  if (editor.loading) return <Loading />;
  if (!row || !base) return <Failed error={editor.error} retry={editor.reload} />;
  const rows = all.items.map((one) => (one.id === base.id ? row : one));
  return (
    <>
      <PageHead title={base.sip_number} icon="chain" />
      <Stack>
        {may && <SaveBar editor={editor} />}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {kChainFields.map((field) => (
            <TextInput
              key={field}
              label={t(`chain.${field}`)}
              description={t(`chain.note_${field}`)}
              value={fieldText(row, field)}
              disabled={!may}
              onChange={(event) => {
                const text = event.currentTarget.value;
                editor.change((now) => withField(now, field, text));
              }}
              error={editor.fieldError(`/${field}`)}
            />
          ))}
        </SimpleGrid>
        <WalkPicture walk={walkFrom(rows, row.sip_number, '')} />
        {may && (
          <RemoveButton
            what={base.sip_number}
            run={async (replace) => {
              await removing('chain', '/api/v1/chain/{id}', base, `"${base.revision}"`, base.sip_number, replace);
              go('/chain');
            }}
          />
        )}
      </Stack>
    </>
  );
}
