// Tables of another system: first what would become of each row, then the import; nothing is dropped
// silently, and the whole can be taken back.
import { Button, FileButton, Group as Row, NativeSelect, Stack, Text, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { post } from '../api/client';
import { Problem } from '../api/problem';
import type { Imported } from '../api/types';
import { download } from '../calls/csv';
import { useUndo } from '../edit/editor';
import { Findings } from '../edit/save_bar';
import { Icon } from '../parts/icon';
import { PageHead, Tag } from '../parts/states';
import { DataTable } from '../parts/table';
import { reportCsv, tally, type ImportRow } from './report';

const kSystems = ['freepbx', 'fusionpbx', 'csv'] as const;
type System = (typeof kSystems)[number];
const kKinds = { taken: 'good', partly: 'warn', left_out: 'bad' } as const;

function Rows({ rows }: { rows: ImportRow[] }) {
  const { t, i18n } = useTranslation();
  const kind = (word: string) => (i18n.exists(`imports.kind_${word}`) ? String(t(`imports.kind_${word}` as never)) : word);
  return (
    <DataTable
      label={t('imports.report')}
      columns={[
        { key: 'line', label: t('imports.line'), render: (row: ImportRow) => row.line },
        { key: 'verdict', label: t('imports.verdict'), render: (row) => <Tag kind={kKinds[row.verdict]}>{t(`imports.${row.verdict}`)}</Tag> },
        { key: 'kind', label: t('imports.kind'), render: (row) => kind(row.kind) },
        { key: 'name', label: t('people.name'), render: (row) => row.name },
        { key: 'notes', label: t('imports.notes'), render: (row) => row.notes.join('; ') },
      ]}
      rows={rows}
      idOf={(row) => `${row.line} ${row.kind} ${row.name}`}
    />
  );
}

function Report({ report, run, busy }: { report: Imported; run: () => void; busy: boolean }) {
  const { t } = useTranslation();
  const figures = tally(report.rows);
  const left = figures.all - figures.leftOut;
  return (
    <Stack data-testid="import-report">
      <Row gap="xs">
        <Tag kind="good">{t('imports.countTaken', { count: figures.taken })}</Tag>
        {figures.partly > 0 && <Tag kind="warn">{t('imports.countPartly', { count: figures.partly })}</Tag>}
        {figures.leftOut > 0 && <Tag kind="bad">{t('imports.countLeftOut', { count: figures.leftOut })}</Tag>}
        <Button size="compact-sm" variant="default" leftSection={<Icon name="download" />} onClick={() => download(new Blob([reportCsv(report.rows)], { type: 'text/csv;charset=utf-8' }), 'import-report.csv')}>
          {t('imports.saveReport')}
        </Button>
      </Row>
      {report.unused_columns.length > 0 && <Text size="sm">{t('imports.unused', { columns: report.unused_columns.join(', ') })}</Text>}
      <Findings title={t('imports.warnings')} findings={report.warnings} />
      {report.dry_run && (
        <Row>
          <Button loading={busy} disabled={report.changes.length === 0} onClick={run}>
            {t('imports.go', { count: left, all: figures.all })}
          </Button>
          <Text size="sm">{report.changes.length === 0 ? t('imports.nothingNew') : t('chain.changes', { count: report.changes.length })}</Text>
        </Row>
      )}
      <Rows rows={report.rows} />
    </Stack>
  );
}

export default function ImportPage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const offerUndo = useUndo();
  const [system, setSystem] = useState<System>('freepbx');
  const [table, setTable] = useState('');
  const [report, setReport] = useState<Imported>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const ask = async (from: System, text: string, dry: boolean) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const answer = await post<Imported>('/api/v1/import/{system}', {
        path: { system: from },
        query: dry ? { dry_run: 1 } : { partial: 1 },
        raw: text,
        headers: { 'Content-Type': 'text/csv' },
      });
      setReport(answer.data);
      if (dry) return;
      setTable('');
      offerUndo(t('imports.done', { count: answer.data.changes.length }), answer.data.revision);
      await queries.invalidateQueries();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setReport(undefined);
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const change = (from: System, text: string) => {
    setSystem(from);
    setTable(text);
    setReport(undefined);
    setProblem(undefined);
  };
  const choose = async (file: File | null) => {
    if (!file) return;
    const text = await file.text();
    change(system, text);
    await ask(system, text, true);
  };
  return (
    <>
      <PageHead title={t('page.imports')} icon="upload" note={t('imports.note')} />
      <Stack>
        <Row align="flex-end">
          <NativeSelect label={t('imports.system')} value={system} onChange={(event) => change(event.currentTarget.value as System, table)} data={kSystems.map((value) => ({ value, label: t(`imports.system_${value}`) }))} />
          <FileButton accept=".csv,.txt,.tsv,text/csv" onChange={(file) => void choose(file)}>
            {(props) => (
              <Button {...props} variant="default" leftSection={<Icon name="upload" />}>
                {t('imports.choose')}
              </Button>
            )}
          </FileButton>
        </Row>
        <Text size="sm">{t(`imports.tables_${system}`)}</Text>
        <Textarea label={t('imports.table')} description={t('imports.tableNote')} value={table} onChange={(event) => change(system, event.currentTarget.value)} rows={6} styles={{ input: { fontFamily: 'monospace' } }} />
        <Row>
          <Button variant="default" loading={busy} disabled={table.trim() === ''} onClick={() => void ask(system, table, true)}>
            {t('imports.look')}
          </Button>
          <Text size="sm">
            {t('imports.chainNote')} <Link href="/chain">{t('page.chain')}</Link>
          </Text>
        </Row>
        {problem && <Findings bad title={problem.message} findings={problem.document.errors?.length ? problem.document.errors : [{ detail: problem.document.detail ?? problem.message }]} />}
        {report && <Report report={report} busy={busy} run={() => void ask(system, table, false)} />}
      </Stack>
    </>
  );
}
