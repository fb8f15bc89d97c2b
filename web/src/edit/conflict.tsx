// "It was changed meanwhile": both versions beside each other, field by field.
import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Thing } from '../api/types';
import type { Editor } from './editor';
import { differences, merged, type Fields } from './merge';

function shown(value: unknown): string {
  if (value === undefined || value === '') return '–';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  if (Array.isArray(value)) return value.map(shown).join(', ') || '–';
  return Object.entries(value as Fields)
    .map(([key, inner]) => `${key}: ${shown(inner)}`)
    .join(', ');
}

export function ConflictDialog<T extends Thing>({ editor }: { editor: Editor<T> }) {
  const { t } = useTranslation();
  const [choice, setChoice] = useState<Record<string, 'mine' | 'theirs'>>({});
  const { base, draft, conflict } = editor;
  if (!base || !draft || !conflict) return null;
  const all = differences(base, draft, conflict.theirs);
  const go = () => editor.resolve(merged(base, draft, conflict.theirs, choice));
  return (
    <Modal
      opened
      onClose={go}
      size="xl"
      title={t('conflict.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack>
        <Text>{t('conflict.text')}</Text>
        <table className="list" aria-label={t('conflict.title')}>
          <thead>
            <tr>
              <th scope="col">{t('conflict.field')}</th>
              <th scope="col">{t('conflict.mine')}</th>
              <th scope="col">{t('conflict.theirs')}</th>
              <th scope="col">{t('conflict.take')}</th>
            </tr>
          </thead>
          <tbody>
            {all.map(({ field, base: before, mine, theirs, conflict: both }) => (
              <tr key={field}>
                <td data-label={t('conflict.field')}>
                  <code>{field}</code>
                </td>
                <td data-label={t('conflict.mine')} data-testid={`mine-${field}`}>
                  {shown(mine)}
                </td>
                <td data-label={t('conflict.theirs')} data-testid={`theirs-${field}`}>
                  {shown(theirs)}
                </td>
                <td data-label={t('conflict.take')}>
                  {both ? (
                    <SegmentedControl
                      size="xs"
                      value={choice[field] ?? 'mine'}
                      onChange={(value) => setChoice({ ...choice, [field]: value as 'mine' | 'theirs' })}
                      data={[
                        { value: 'mine', label: t('conflict.mine') },
                        { value: 'theirs', label: t('conflict.theirs') },
                      ]}
                    />
                  ) : JSON.stringify(before) === JSON.stringify(mine) ? (
                    t('conflict.theirs')
                  ) : (
                    t('conflict.mine')
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => editor.resolve(undefined)}>
            {t('conflict.takeTheirs')}
          </Button>
          <Button onClick={go}>{t('conflict.goOn')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
