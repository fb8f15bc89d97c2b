// The office as a file, out and in.
import { Button, Checkbox, FileButton, Group as Row, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../api/client';
import { Problem } from '../api/problem';
import type { Changes } from '../api/types';
import { download } from '../calls/csv';
import { Findings } from '../edit/save_bar';
import { Icon } from '../parts/icon';
import { useToast } from '../parts/toast';

export function Backup() {
  const { t } = useTranslation();
  const toast = useToast();
  const queries = useQueryClient();
  const [secrets, setSecrets] = useState(false);
  const [prune, setPrune] = useState(false);
  const [file, setFile] = useState<File>();
  const [plan, setPlan] = useState<Changes>();
  const [problem, setProblem] = useState<Problem>();
  const save = async () => {
    try {
      const query = { format: 'yaml', secrets: secrets ? 1 : undefined };
      const office = await get<string>('/api/v1/config/export', { query, as: 'text' });
      download(new Blob([office.data], { type: 'application/yaml' }), 'office.yaml');
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
  };
  const apply = async (chosen: File, dry: boolean, pruning: boolean) => {
    setProblem(undefined);
    try {
      const answer = await post<Changes>('/api/v1/config/apply', {
        raw: await chosen.text(),
        headers: { 'Content-Type': 'application/yaml' },
        query: { dry_run: dry ? 1 : undefined, prune: pruning ? 1 : undefined },
      });
      setPlan(dry ? answer.data : undefined);
      if (dry) return;
      setFile(undefined);
      toast({ text: t('backup.applied', { count: answer.data.changes.length }) });
      await queries.invalidateQueries();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setPlan(undefined);
      setProblem(error);
    }
  };
  const choose = (chosen: File | null) => {
    if (!chosen) return;
    setFile(chosen);
    void apply(chosen, true, prune);
  };
  return (
    <Stack>
      <Text>{t('backup.note')}</Text>
      <Row>
        <Button leftSection={<Icon name="download" />} onClick={() => void save()}>
          {t('backup.save')}
        </Button>
        <Checkbox label={t('backup.secrets')} checked={secrets} onChange={(event) => setSecrets(event.currentTarget.checked)} />
      </Row>
      <Row>
        <FileButton accept=".yaml,.yml,.json" onChange={choose}>
          {(props) => (
            <Button {...props} variant="default" leftSection={<Icon name="upload" />}>
              {t('backup.choose')}
            </Button>
          )}
        </FileButton>
        <Checkbox
          label={t('backup.prune')}
          checked={prune}
          onChange={(event) => {
            setPrune(event.currentTarget.checked);
            if (file) void apply(file, true, event.currentTarget.checked);
          }}
        />
      </Row>
      {problem && <Findings bad title={problem.message} findings={problem.document.errors ?? []} />}
      {plan && file && (
        <div className="panel">
          <Text fw={600}>{t('chain.changes', { count: plan.changes.length })}</Text>
          <ul>
            {plan.changes.slice(0, 200).map((one, i) => (
              <li key={i}>{one.text}</li>
            ))}
          </ul>
          <Findings title={t('edit.warnings')} findings={plan.warnings} />
          <Button disabled={plan.changes.length === 0} onClick={() => void apply(file, false, prune)}>
            {t('backup.apply')}
          </Button>
        </div>
      )}
    </Stack>
  );
}
