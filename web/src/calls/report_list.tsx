// Reports: the calls of a filter as CSV by mail, each day, week or month.
import { Button, Group as Row, Modal, NativeSelect, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAll } from '../api/lists';
import type { Report } from '../api/types';
import { useRemoving } from '../edit/editor';
import { NewThing } from '../edit/new_thing';
import { useOutcome } from '../i18n/why';
import { Icon } from '../parts/icon';
import { Failed, Loading } from '../parts/states';
import { useToast } from '../parts/toast';

const kKept = ['group', 'outcome', 'answered_by', 'caller', 'dialled'] as const;
const kEvery = ['day', 'week', 'month'] as const;

function useWhich() {
  const { t } = useTranslation();
  const outcome = useOutcome();
  return (of: Partial<Record<(typeof kKept)[number], string>>): string => {
    const said = kKept.filter((name) => of[name]).map((name) => (name === 'outcome' ? outcome(of.outcome ?? '') : name === 'group' ? (of.group ?? '') : `${t(`calls.${name}`)} ${of[name] ?? ''}`));
    return said.join(' · ') || t('reports.all');
  };
}

function NewReport({ url, close }: { url: URLSearchParams; close: () => void }) {
  const { t } = useTranslation();
  const which = useWhich();
  const [name, setName] = useState('');
  const [email, setEmail] = useState<string[]>([]);
  const [every, setEvery] = useState<Report['every']>('week');
  const filter = Object.fromEntries(kKept.flatMap((key) => (url.get(key) ? [[key, url.get(key) ?? '']] : [])));
  return (
    <NewThing<Report>
      title={t('reports.new')}
      list="/api/v1/reports"
      body={() => ({ name, email, every, ...filter })}
      shown={['/name', '/email', '/email/0']}
      close={close}
      fields={(told) => (
        <>
          <Text size="sm">{t('reports.which', { which: which(filter) })}</Text>
          <TextInput label={t('reports.name')} required data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={told('/name')} />
          <TagsInput label={t('people.email')} description={t('common.enterAdds')} value={email} onChange={setEmail} error={told('/email') ?? told('/email/0')} />
          <NativeSelect label={t('reports.every')} value={every} onChange={(event) => setEvery(event.currentTarget.value as Report['every'])} data={kEvery.map((value) => ({ value, label: t(`reports.every_${value}`) }))} />
        </>
      )}
    />
  );
}

export default function ReportList({ url, close }: { url: URLSearchParams; close: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const which = useWhich();
  const removing = useRemoving();
  const [creating, setCreating] = useState(false);
  const reports = useAll<Report>('office', '/api/v1/reports');
  const remove = async (report: Report) => {
    try {
      await removing('reports', '/api/v1/reports/{id}', report, `"${report.revision}"`, report.name);
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
  };
  if (creating) return <NewReport url={url} close={() => setCreating(false)} />;
  return (
    <Modal opened onClose={close} size="lg" title={t('reports.title')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack>
        {reports.isPending ? <Loading /> : reports.error ? <Failed error={reports.error} /> : reports.items.length === 0 && <Text>{t('reports.empty')}</Text>}
        {reports.items.map((report) => (
          <Row key={report.id} justify="space-between" className="panel" data-testid="report">
            <div>
              <strong>{report.name}</strong>: {which(report)}
              <Text size="sm">
                {t(`reports.every_${report.every}`)} → {report.email.join(', ')}
              </Text>
            </div>
            <Button size="compact-sm" variant="subtle" color="red" aria-label={t('common.removeWhat', { what: report.name })} onClick={() => void remove(report)}>
              {t('common.remove')}
            </Button>
          </Row>
        ))}
        <Row>
          <Button leftSection={<Icon name="plus" />} onClick={() => setCreating(true)}>
            {t('reports.new')}
          </Button>
        </Row>
      </Stack>
    </Modal>
  );
}
