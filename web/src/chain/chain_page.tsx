// The Next Number table, edited in place, with the chains drawn beside it.
import { Button, FileButton, Group as Row, Modal, Stack, Text, TextInput, Title } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { get, post } from '../api/client';
import { Problem } from '../api/problem';
import type { Changes, ChainRow } from '../api/types';
import { download } from '../calls/csv';
import { NewThing } from '../edit/new_thing';
import { Findings } from '../edit/save_bar';
import { Icon } from '../parts/icon';
import { Empty, Failed, Loading, PageHead, Tag } from '../parts/states';
import { useToast } from '../parts/toast';
import { mayChange, useMyself } from '../session/session';
import { fieldText, kChainFields, type ChainField } from './fields';
import { useChainTable } from './use_table';
import { walks, type Walk } from './walk';

export function WalkPicture({ walk }: { walk: Walk }) {
  const { t } = useTranslation();
  return (
    <Row gap={4} wrap="wrap" data-testid="walk">
      {walk.service && (
        <>
          <strong>{walk.service}</strong> <span aria-hidden="true">⇒</span>
        </>
      )}
      {walk.members.map((member, i) => (
        <span key={member}>
          {i > 0 && <span aria-label={t('chain.then')}>→ </span>}
          <Tag {...(i === walk.loopsTo ? { kind: 'warn' as const } : {})}>{member}</Tag>
        </span>
      ))}
      <span>
        {walk.missing
          ? t('chain.missing', { number: walk.missing })
          : walk.loopsTo !== undefined
            ? t('chain.loops', { number: walk.members[walk.loopsTo] ?? '' })
            : t('chain.ends')}
      </span>
    </Row>
  );
}

function NewRow({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [row, setRow] = useState<Record<string, string>>({});
  const input = (field: ChainField, told: (pointer: string) => string | undefined) => (
    <TextInput
      key={field}
      label={t(`chain.${field}`)}
      required={field === 'sip_number'}
      value={row[field] ?? ''}
      onChange={(event) => setRow({ ...row, [field]: event.currentTarget.value })}
      error={told(`/${field}`)}
    />
  );
  return (
    <NewThing
      title={t('chain.new')}
      list="/api/v1/chain"
      body={() => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '').map(([key, value]) => [key, key === 'for' ? Number(value) : value]))}
      shown={kChainFields.map((field) => `/${field}`)}
      close={close}
      fields={(told) => kChainFields.map((field) => input(field, told))}
    />
  );
}

function Import({ file, close }: { file: File; close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [trouble, setTrouble] = useState<Problem>();
  const send = async (dry: boolean) =>
    (
      await post<Changes>('/api/v1/chain/import', {
        raw: await file.text(),
        headers: { 'Content-Type': 'text/csv' },
        query: { dry_run: dry ? 1 : undefined },
      })
    ).data;
  const tried = useQuery({
    queryKey: ['chain import', file.name, file.lastModified],
    queryFn: () => send(true),
    retry: false,
    gcTime: 0,
  });
  const plan = tried.data;
  const problem = trouble ?? (tried.error instanceof Problem ? tried.error : undefined);
  const run = async () => {
    try {
      await send(false);
      await queries.invalidateQueries({ queryKey: ['office'] });
      close();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setTrouble(error);
    }
  };
  const lines = problem?.document.errors?.map((one) => {
    const line = (one as { line?: number }).line;
    return { ...one, detail: line ? `${t('chain.line', { line })}: ${one.detail ?? ''}` : (one.detail ?? '') };
  });
  return (
    <Modal opened onClose={close} size="lg" title={t('chain.importTitle', { name: file.name })} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack>
        {problem && <Findings bad title={problem.message} findings={lines ?? []} />}
        {plan && (
          <>
            <Text>{t('chain.changes', { count: plan.changes.length })}</Text>
            <ul>
              {plan.changes.map((one, i) => (
                <li key={i}>{one.text}</li>
              ))}
            </ul>
            <Findings title={t('edit.warnings')} findings={plan.warnings} />
            <Row justify="flex-end">
              <Button variant="default" onClick={close}>
                {t('common.cancel')}
              </Button>
              <Button disabled={plan.changes.length === 0} onClick={() => void run()}>
                {t('chain.import')}
              </Button>
            </Row>
          </>
        )}
        {!plan && !problem && <Loading />}
      </Stack>
    </Modal>
  );
}

function RowProblem({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  if (problem.status === 412) return <>{t('chain.changedMeanwhile')}</>;
  return <>{(problem.document.errors ?? []).map((one) => one.detail).join(' ') || problem.message}</>;
}

export default function ChainPage() {
  const { t } = useTranslation();
  const toast = useToast();
  const may = mayChange(useMyself());
  const table = useChainTable();
  const [creating, setCreating] = useState(false);
  const [file, setFile] = useState<File>();
  useHotkeys([['mod+S', () => void table.save(), { preventDefault: true }]], []);
  const exportCsv = async () => {
    try {
      const csv = await get<string>('/api/v1/chain/export', { as: 'text' });
      download(new Blob([csv.data], { type: 'text/csv' }), 'chain.csv');
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
  };
  const cell = (row: ChainRow, field: ChainField) => {
    const problem = table.problems[row.id];
    const wrong = problem?.document.errors?.some((one) => one.pointer === `/${field}`);
    return (
      <TextInput
        size="xs"
        className="cell-input"
        aria-label={`${t(`chain.${field}`)} ${row.sip_number}`}
        value={fieldText(row, field)}
        placeholder={field === 'for' ? '20' : ''}
        disabled={!may}
        error={wrong}
        onChange={(event) => table.change(row, field, event.currentTarget.value)}
      />
    );
  };
  return (
    <>
      <PageHead title={t('page.chain')} icon="chain" note={t('chain.note')}>
        {may && (
          <FileButton accept=".csv,text/csv" onChange={(chosen) => chosen && setFile(chosen)}>
            {(props) => (
              <Button {...props} variant="default" leftSection={<Icon name="upload" />}>
                {t('chain.import')}
              </Button>
            )}
          </FileButton>
        )}
        <Button variant="default" leftSection={<Icon name="download" />} onClick={() => void exportCsv()}>
          {t('chain.export')}
        </Button>
        {may && (
          <Button data-page-new leftSection={<Icon name="plus" />} onClick={() => setCreating(true)}>
            {t('chain.new')}
          </Button>
        )}
      </PageHead>
      {table.found.isPending ? (
        <Loading />
      ) : table.found.error ? (
        <Failed error={table.found.error} retry={() => void table.found.refetch()} />
      ) : table.rows.length === 0 ? (
        <Empty text={t('chain.empty')} />
      ) : (
        <Stack>
          {table.changed.length > 0 && (
            <Row>
              <Button loading={table.saving} onClick={() => void table.save()}>
                {t('edit.save')}
              </Button>
              <Button variant="default" onClick={table.discard}>
                {t('edit.discard')}
              </Button>
              <Text size="sm">{t('chain.changedRows', { count: table.changed.length })}</Text>
            </Row>
          )}
          <div style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={t('page.chain')}>
            <table className="list" aria-label={t('page.chain')}>
              <thead>
                <tr>
                  {kChainFields.map((field) => (
                    <th key={field} scope="col">
                      {t(`chain.${field}`)}
                    </th>
                  ))}
                  <th scope="col">{t('common.open')}</th>
                </tr>
              </thead>
              <tbody>
                {table.rows.map((row) => (
                  <tr key={row.id} data-testid={`chain-${row.id}`}>
                    {kChainFields.map((field) => (
                      <td key={field} data-label={t(`chain.${field}`)}>
                        {cell(row, field)}
                        {field === 'sip_number' && table.problems[row.id] && (
                          <div role="alert" style={{ color: 'var(--mantine-color-error)', fontSize: '0.85rem' }}>
                            <RowProblem problem={table.problems[row.id] as Problem} />
                          </div>
                        )}
                      </td>
                    ))}
                    <td data-label={t('common.open')}>
                      <Link href={`/chain/${encodeURIComponent(row.id)}`}>{row.sip_number}</Link>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <section aria-label={t('chain.drawn')}>
            <Title order={2} size="h4" mb="xs">
              {t('chain.drawn')}
            </Title>
            <Stack gap="xs">
              {walks(table.rows).map((walk) => (
                <WalkPicture key={walk.service} walk={walk} />
              ))}
              {walks(table.rows).length === 0 && <Text>{t('chain.noService')}</Text>}
            </Stack>
          </section>
        </Stack>
      )}
      {creating && <NewRow close={() => setCreating(false)} />}
      {file && <Import key={file.name + file.lastModified} file={file} close={() => setFile(undefined)} />}
    </>
  );
}
