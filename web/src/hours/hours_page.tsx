// Schedules and flags: what is active now, and what comes next.
import { Button, Group as Row, Modal, NativeSelect, Stack, Switch, TagsInput, Text, TextInput, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { put } from '../api/client';
import { useAll } from '../api/lists';
import type { Flag, Schedule } from '../api/types';
import { useEditor, useRemoving } from '../edit/editor';
import { NewThing } from '../edit/new_thing';
import { RemoveButton } from '../edit/remove_button';
import { SaveBar } from '../edit/save_bar';
import { useFormat } from '../i18n/format';
import { Icon } from '../parts/icon';
import { Empty, Failed, Loading, PageHead, Tag } from '../parts/states';
import { DataTable, type Column } from '../parts/table';
import { useToast } from '../parts/toast';
import { useUrlState } from '../parts/url_state';
import { mayChange, useMyself } from '../session/session';
import { linesOf, weekOf } from './week';
import { WeekGrid } from './week_grid';

const kHolidays = ['', 'pl', 'es', 'de', 'gb', 'us', 'fr', 'it', 'nl', 'at', 'cz', 'sk'];

function EditSchedule({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const editor = useEditor<Schedule>('/api/v1/schedules/{id}', id);
  const removing = useRemoving();
  const { draft, base } = editor;
  if (!draft || !base) return null;
  const week = weekOf(draft.open);
  const wrong = ['/open', ...draft.open.map((_, i) => `/open/${i}`)].map(editor.fieldError).filter(Boolean).join(' ');
  return (
    <Modal opened onClose={close} size="xl" title={base.name} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack>
        <TextInput label={t('hours.name')} value={draft.name} onChange={(event) => editor.change({ name: event.currentTarget.value })} error={editor.fieldError('/name')} />
        {week ? <WeekGrid week={week} change={(next) => editor.change({ open: linesOf(next) })} readOnly={false} /> : <Text size="sm">{t('hours.noGrid')}</Text>}
        <TagsInput
          label={t('hours.lines')}
          description={t('hours.linesNote')}
          value={draft.open}
          onChange={(open) => editor.change({ open })}
          error={wrong || undefined}
          splitChars={[';']}
        />
        <NativeSelect
          label={t('hours.holidays')}
          value={draft.holidays.toLowerCase()}
          onChange={(event) => editor.change({ holidays: event.currentTarget.value })}
          data={kHolidays.map((value) => ({ value, label: value ? value.toUpperCase() : t('hours.noHolidays') }))}
          error={editor.fieldError('/holidays')}
        />
        <SaveBar editor={editor} />
        <RemoveButton
          kind="schedule"
          what={base.name}
          run={async (replace) => {
            await removing('schedules', '/api/v1/schedules/{id}', base, `"${base.revision}"`, base.name, replace);
            close();
          }}
        />
      </Stack>
    </Modal>
  );
}

function EditFlag({ id, close, schedules }: { id: string; close: () => void; schedules: Schedule[] }) {
  const { t } = useTranslation();
  const editor = useEditor<Flag>('/api/v1/flags/{id}', id);
  const removing = useRemoving();
  const { draft, base } = editor;
  if (!draft || !base) return null;
  return (
    <Modal opened onClose={close} title={base.name} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack>
        <TextInput label={t('hours.name')} value={draft.name} onChange={(event) => editor.change({ name: event.currentTarget.value })} error={editor.fieldError('/name')} />
        <TextInput label={t('hours.code')} placeholder="*30" value={draft.code} onChange={(event) => editor.change({ code: event.currentTarget.value })} error={editor.fieldError('/code')} />
        <NativeSelect
          label={t('hours.bySchedule')}
          value={draft.schedule}
          onChange={(event) => editor.change({ schedule: event.currentTarget.value })}
          data={[{ value: '', label: t('hours.byHandOnly') }, ...[...new Set([...schedules.map((one) => one.name), draft.schedule])].filter(Boolean)]}
          error={editor.fieldError('/schedule')}
        />
        <SaveBar editor={editor} />
        <RemoveButton
          kind="flag"
          what={base.name}
          run={async (replace) => {
            await removing('flags', '/api/v1/flags/{id}', base, `"${base.revision}"`, base.name, replace);
            close();
          }}
        />
      </Stack>
    </Modal>
  );
}

function NewNamed({ kind, close }: { kind: 'schedules' | 'flags'; close: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [code, setCode] = useState('');
  const body = () => (kind === 'schedules' ? { name, open: ['Mo-Fr 08:00-16:00'] } : { name, ...(code && { code }) });
  return (
    <NewThing
      title={t(`hours.new_${kind}`)}
      list={`/api/v1/${kind}`}
      body={body}
      shown={['/name', '/code']}
      close={close}
      fields={(told) => (
        <>
          <TextInput label={t('hours.name')} required data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={told('/name')} />
          {kind === 'flags' && <TextInput label={t('hours.code')} placeholder="*30" value={code} onChange={(event) => setCode(event.currentTarget.value)} error={told('/code')} />}
        </>
      )}
    />
  );
}

function FlagSwitch({ flag, may }: { flag: Flag; may: boolean }) {
  const { t } = useTranslation();
  const toast = useToast();
  const queries = useQueryClient();
  const set = async (on: boolean) => {
    try {
      await put('/api/v1/flags/{id}/state', { path: { id: flag.id }, body: { on } });
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
    await queries.invalidateQueries({ queryKey: ['state'] });
    await queries.invalidateQueries({ queryKey: ['office'] });
  };
  const on = flag.now?.on ?? flag.on ?? false;
  return (
    <Switch
      checked={on}
      disabled={!may}
      aria-label={t('hours.switch', { name: flag.name })}
      label={flag.now?.because === 'schedule' ? t('hours.because_schedule') : on ? t('common.on') : t('common.off')}
      onChange={(event) => void set(event.currentTarget.checked)}
    />
  );
}

export default function HoursPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const session = useMyself();
  const [url, setUrl] = useUrlState();
  const [creating, setCreating] = useState<'schedules' | 'flags'>();
  const schedules = useAll<Schedule>('state', '/api/v1/schedules', { expand: 'now' });
  const flags = useAll<Flag>('state', '/api/v1/flags', { expand: 'now' });
  const may = mayChange(session);
  const edit = (kind: 'schedule' | 'flag', id: string) =>
    may && (
      <Button size="compact-sm" variant="default" onClick={() => setUrl({ [kind]: id })}>
        {t('common.edit')}
      </Button>
    );
  const scheduleColumns: Column<Schedule>[] = [
    { key: 'name', label: t('hours.name'), render: (one) => <strong>{one.name}</strong> },
    {
      key: 'now',
      label: t('hours.now'),
      render: (one) => (
        <Tag kind={one.now?.open ? 'good' : 'warn'}>
          {one.now?.open ? t('hours.openNow') : t('hours.closedNow')}
          {one.now?.changes_at ? ` · ${t('hours.until', { time: format.moment(one.now.changes_at) })}` : ''}
        </Tag>
      ),
    },
    { key: 'open', label: t('hours.lines'), render: (one) => one.open.join('; ') || t('hours.never') },
    { key: 'holidays', label: t('hours.holidays'), render: (one) => one.holidays.toUpperCase() },
    { key: 'edit', label: '', render: (one) => edit('schedule', one.id) },
  ];
  const flagColumns: Column<Flag>[] = [
    { key: 'name', label: t('hours.name'), render: (one) => <strong>{one.name}</strong> },
    { key: 'state', label: t('hours.now'), render: (one) => <FlagSwitch flag={one} may={may} /> },
    { key: 'code', label: t('hours.code'), render: (one) => <code>{one.code}</code> },
    { key: 'schedule', label: t('hours.bySchedule'), render: (one) => one.schedule || t('hours.byHandOnly') },
    { key: 'edit', label: '', render: (one) => edit('flag', one.id) },
  ];
  const [schedule, flag] = [url.get('schedule'), url.get('flag')];
  if (schedules.isPending || flags.isPending) return <Loading />;
  if (schedules.error) return <Failed error={schedules.error} retry={() => void schedules.refetch()} />;
  return (
    <>
      <PageHead title={t('page.hours')} icon="hours" note={t('hours.note')} />
      <Stack>
        <Row justify="space-between">
          <Title order={2} size="h4">
            {t('hours.schedules')}
          </Title>
          {may && (
            <Button data-page-new size="xs" leftSection={<Icon name="plus" />} onClick={() => setCreating('schedules')}>
              {t('hours.new_schedules')}
            </Button>
          )}
        </Row>
        {schedules.items.length === 0 ? (
          <Empty text={t('hours.noSchedules')} />
        ) : (
          <DataTable label={t('hours.schedules')} columns={scheduleColumns} rows={schedules.items} idOf={(one) => one.id} />
        )}
        <Row justify="space-between">
          <Title order={2} size="h4">
            {t('hours.flags')}
          </Title>
          {may && (
            <Button size="xs" leftSection={<Icon name="plus" />} onClick={() => setCreating('flags')}>
              {t('hours.new_flags')}
            </Button>
          )}
        </Row>
        {flags.items.length === 0 ? (
          <Empty text={t('hours.noFlags')} />
        ) : (
          <DataTable label={t('hours.flags')} columns={flagColumns} rows={flags.items} idOf={(one) => one.id} />
        )}
      </Stack>
      {creating && <NewNamed kind={creating} close={() => setCreating(undefined)} />}
      {schedule && may && <EditSchedule key={schedule} id={schedule} close={() => setUrl({ schedule: undefined })} />}
      {flag && may && <EditFlag key={flag} id={flag} schedules={schedules.items} close={() => setUrl({ flag: undefined })} />}
    </>
  );
}
