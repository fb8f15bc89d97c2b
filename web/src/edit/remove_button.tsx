// Remove, after one question; what still names it is listed instead, with the offer to put something
// else there.
import { Alert, Button, Group, Modal, NativeSelect, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useAll } from '../api/lists';
import { Problem, type Finding } from '../api/problem';
import type { Destination } from '../api/types';
import { pageOfSetting } from '../groups/health';
import { DestinationInput } from '../parts/destination';
import { Icon } from '../parts/icon';

/** Named by a name of their own kind, where others are destinations of calls. */
type NamedKind = 'schedule' | 'flag' | 'sound';
const kNamedLists = { schedule: '/api/v1/schedules', flag: '/api/v1/flags', sound: '/api/v1/sounds' } as const;

const kReferenceKinds = ['admins', 'settings', 'users', 'groups', 'chain', 'ivrs', 'queues', 'numbers', 'flags'] as const;
type ReferenceKind = (typeof kReferenceKinds)[number];

function Reference({ finding }: { finding: Finding }) {
  const { t } = useTranslation();
  const [kind = '', ...rest] = (finding.pointer ?? '').slice(1).split('/');
  const id = rest.join('/');
  if (!kReferenceKinds.some((one) => one === kind)) return <>{finding.detail}</>;
  const text = t(`reference.${kind as ReferenceKind}`, { id });
  const page = pageOfSetting(`${kind}/${id}`);
  return page ? <Link href={page}>{text}</Link> : <>{text}</>;
}

function NamedChoice({ kind, without, value, onChange }: { kind: NamedKind; without: string; value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const list = useAll<{ id: string; name: string }>('office', kNamedLists[kind]);
  const names = list.items.map((one) => one.name).filter((name) => name !== without);
  return <NativeSelect label={t('edit.replaceBy')} value={value} onChange={(event) => onChange(event.currentTarget.value)} data={[{ value: '', label: '…' }, ...names.map((name) => ({ value: name, label: name }))]} />;
}

export function RemoveButton({ what, kind, run }: { what: string; kind?: NamedKind; run: (replace?: string) => Promise<void> }) {
  const { t } = useTranslation();
  const [asks, setAsks] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Error>();
  const [how, setHow] = useState<'other' | 'none'>('other');
  const [to, setTo] = useState<Destination>();
  const [name, setName] = useState('');
  const inUse = problem instanceof Problem && problem.status === 409;
  const [known, setKnown] = useState<Finding[]>([]);
  const close = () => {
    setAsks(false);
    setProblem(undefined);
    setKnown([]);
  };
  const go = async (replace?: string) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await run(replace);
      close();
    } catch (error) {
      setProblem(error as Error);
      const told = error instanceof Problem && error.status === 409 ? (error.document.errors ?? []) : [];
      if (told.some((one) => one.code === 'in_use')) setKnown(told);
    } finally {
      setBusy(false);
    }
  };
  const told = problem instanceof Problem ? (problem.document.errors ?? []) : [];
  const replaces = known.length > 0;
  const chosen = kind ? (name ? { [kind]: name } : undefined) : to && Object.values(to).every((value) => value !== '') ? to : undefined;
  return (
    <>
      <Group mt="md">
        <Button color="red" variant="outline" leftSection={<Icon name="trash" />} onClick={() => setAsks(true)}>
          {t('common.removeWhat', { what })}
        </Button>
      </Group>
      <Modal opened={asks} onClose={close} size="lg" title={t('common.removeWhat', { what })} closeButtonProps={{ 'aria-label': t('common.close') }}>
        <Stack>
          <Text>{t('edit.removeAsk')}</Text>
          {replaces && (
            <Alert color="yellow" variant="outline" icon={<Icon name="warn" />} title={t('edit.inUse', { count: known.length })}>
              <ul data-testid="references">
                {known.map((one, i) => (
                  <li key={i}>
                    <Reference finding={one} />
                  </li>
                ))}
              </ul>
            </Alert>
          )}
          {problem && !(inUse && replaces) && (
            <Alert color="red" variant="outline" role="alert" title={problem.message}>
              <ul>
                {told.map((one, i) => (
                  <li key={i}>{one.detail}</li>
                ))}
              </ul>
            </Alert>
          )}
          {replaces && (
            <Radio.Group label={t('edit.replaceAsk')} value={how} onChange={(value) => setHow(value as 'other' | 'none')}>
              <Stack gap="xs" mt="xs">
                <Radio value="other" label={t('edit.replaceOther')} />
                {how === 'other' &&
                  (kind ? (
                    <NamedChoice kind={kind} without={what} value={name} onChange={setName} />
                  ) : (
                    <DestinationInput label={t('edit.replaceBy')} value={to} onChange={setTo} />
                  ))}
                <Radio value="none" label={t('edit.replaceNone')} description={t('edit.replaceNoneNote')} />
              </Stack>
            </Radio.Group>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('common.cancel')}
            </Button>
            {replaces ? (
              <Button color="red" loading={busy} disabled={how === 'other' && !chosen} onClick={() => void go(how === 'none' ? 'none' : JSON.stringify(chosen))}>
                {t('edit.replaceAndRemove')}
              </Button>
            ) : (
              <Button color="red" loading={busy} onClick={() => void go()}>
                {t('common.remove')}
              </Button>
            )}
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
