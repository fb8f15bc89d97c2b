// A text that the machine speaks as a sound, until somebody records it.
import { Button, Group as Row, Modal, NativeSelect, Stack, Text, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../api/client';
import { findingsByField, Problem } from '../api/problem';
import type { Sound } from '../api/types';
import { Findings } from '../edit/save_bar';
import { kLanguageNames, kLanguages } from '../i18n';
import { useToast } from '../parts/toast';

export function SpeakDialog({ sound, close }: { sound: Sound; close: () => void }) {
  const { t, i18n } = useTranslation();
  const toast = useToast();
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const [language, setLanguage] = useState(i18n.language);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const errors = findingsByField(problem?.document.errors);
  const rest = (problem?.document.errors ?? []).filter((one) => one.pointer !== '/text' && one.pointer !== '/language');
  const told = (field: string) => errors.get(`/${field}`)?.map((one) => one.detail).join(' ');
  const speak = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await post('/api/v1/sounds/{id}/speech', { path: { id: sound.id }, body: { text, language }, etag: `"${sound.revision}"` });
      toast({ text: t('sounds.spoken', { name: sound.name }) });
      close();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
    await queries.invalidateQueries({ queryKey: ['office'] });
  };
  return (
    <Modal opened onClose={close} title={t('sounds.speakWhat', { name: sound.name })} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form onSubmit={(event) => void speak(event)}>
        <Stack>
          <Text size="sm">{t('sounds.speakNote')}</Text>
          <Textarea label={t('sounds.text')} required data-autofocus rows={4} maxLength={2000} value={text} onChange={(event) => setText(event.currentTarget.value)} error={told('text')} />
          <NativeSelect label={t('sounds.textLanguage')} value={language} onChange={(event) => setLanguage(event.currentTarget.value)} data={kLanguages.map((value) => ({ value, label: kLanguageNames[value] }))} error={told('language')} />
          {problem && (rest.length > 0 || errors.size === 0) && <Findings bad title={t('error.failed')} findings={rest.length ? rest : [{ detail: problem.message }]} />}
          <Row justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={text.trim() === ''}>
              {t('sounds.speakGo')}
            </Button>
          </Row>
        </Stack>
      </form>
    </Modal>
  );
}
