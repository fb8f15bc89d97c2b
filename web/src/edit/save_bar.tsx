// Save and discard, what is wrong that no field shows, and Ctrl+S, Ctrl+Z, Ctrl+Y.
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import type { Finding } from '../api/problem';
import type { Thing } from '../api/types';
import { Icon } from '../parts/icon';
import { ConflictDialog } from './conflict';
import type { Editor } from './editor';

export function Findings({ title, findings, bad }: { title: string; findings: Finding[]; bad?: boolean }) {
  if (findings.length === 0) return null;
  return (
    <Alert
      color={bad ? 'red' : 'yellow'}
      variant="outline"
      icon={<Icon name="warn" />}
      title={title}
      role={bad ? 'alert' : 'status'}
    >
      <ul style={{ margin: 0, paddingLeft: '1.2rem' }}>
        {findings.map((finding, i) => (
          <li key={i}>{finding.detail}</li>
        ))}
      </ul>
    </Alert>
  );
}

export function SaveBar<T extends Thing>({ editor, blocked }: { editor: Editor<T>; blocked?: string }) {
  const { t } = useTranslation();
  const mod: [string, () => void][] = [
    ['mod+S', () => void editor.save()],
    ['mod+Z', editor.undoStep],
    ['mod+Y', editor.redoStep],
    ['mod+shift+Z', editor.redoStep],
  ];
  useHotkeys(
    mod.map(([keys, run]) => [keys, run, { preventDefault: true }]),
    [],
  );
  const document = editor.problem?.document;
  return (
    <Stack gap="xs" my="sm">
      {editor.restored && editor.dirty && (
        <Text size="sm" c="dimmed">
          {t('edit.restored')}
        </Text>
      )}
      {document && (
        <Findings
          bad
          title={t('edit.notSaved')}
          findings={document.errors?.length ? document.errors : [{ detail: document.detail ?? '' }]}
        />
      )}
      <Findings title={t('edit.warnings')} findings={editor.warnings} />
      <Group>
        <Button
          onClick={() => void editor.save()}
          loading={editor.saving}
          disabled={!editor.dirty || blocked !== undefined}
        >
          {t('edit.save')}
        </Button>
        <Button variant="default" onClick={editor.discard} disabled={!editor.dirty}>
          {t('edit.discard')}
        </Button>
        <Text size="sm" c="dimmed" aria-live="polite">
          {blocked ?? (editor.dirty ? t('edit.unsaved') : t('edit.unchanged'))}
        </Text>
      </Group>
      <ConflictDialog editor={editor} />
    </Stack>
  );
}
