// Remove, after one question; what still names it is listed instead.
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/problem';
import { Icon } from '../parts/icon';

export function RemoveButton({ what, run, children }: { what: string; run: () => Promise<void>; children?: ReactNode }) {
  const { t } = useTranslation();
  const [asks, setAsks] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Error>();
  const go = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await run();
      setAsks(false);
    } catch (error) {
      setProblem(error as Error);
    } finally {
      setBusy(false);
    }
  };
  const references = problem instanceof Problem ? (problem.document.errors ?? []) : [];
  return (
    <>
      <Group mt="md">
        <Button color="red" variant="outline" leftSection={<Icon name="trash" />} onClick={() => setAsks(true)}>
          {t('common.removeWhat', { what })}
        </Button>
      </Group>
      <Modal opened={asks} onClose={() => setAsks(false)} title={t('common.removeWhat', { what })} closeButtonProps={{ 'aria-label': t('common.close') }}>
        <Stack>
          <Text>{t('edit.removeAsk')}</Text>
          {problem && (
            <Alert color="red" variant="outline" role="alert" title={problem.message}>
              <ul>
                {references.map((one, i) => (
                  <li key={i}>{one.detail}</li>
                ))}
              </ul>
            </Alert>
          )}
          {problem && children}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsks(false)}>
              {t('common.cancel')}
            </Button>
            <Button color="red" loading={busy} onClick={() => void go()}>
              {t('common.remove')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
