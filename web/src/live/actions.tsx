// What can be done about a live call: take it to somebody's phone, send one of the two on, end it; and
// a new call that begins at somebody's phone.
import { Button, Group as Row, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../api/client';
import type { LiveCall } from '../api/types';
import { Icon } from '../parts/icon';
import { TargetInput } from '../parts/target_input';
import { useToast } from '../parts/toast';
import { useNames } from '../people/names';
import { useRefusal } from './refusal';

/** Orders something and says why when it is refused. True: it is done. */
export function useOrder() {
  const toast = useToast();
  const refusal = useRefusal();
  const queries = useQueryClient();
  return async (run: () => Promise<unknown>, done?: string): Promise<boolean> => {
    try {
      await run();
      if (done) toast({ text: done });
      await queries.invalidateQueries({ queryKey: ['calls'] });
      return true;
    } catch (error) {
      toast({ text: refusal(error), bad: true });
      await queries.invalidateQueries({ queryKey: ['calls'] });
      return false;
    }
  };
}

function OrderDialog({ title, go, ready, close, children }: { title: string; go: () => Promise<boolean>; ready: boolean; close: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    setBusy(true);
    if (await go()) close();
    else setBusy(false);
  };
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form onSubmit={(event) => void send(event)}>
        <Stack>
          {children}
          <Row justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={!ready}>
              {title}
            </Button>
          </Row>
        </Stack>
      </form>
    </Modal>
  );
}

function Chosen({ label, who, change }: { label: string; who: string; change: () => void }) {
  const { t } = useTranslation();
  const name = useNames([who]);
  return (
    <Row gap="xs">
      <Text size="sm">{label}</Text>
      <strong>{name(who)}</strong>
      {name(who) !== who && <Text size="sm">{who}</Text>}
      <Button size="compact-xs" variant="subtle" onClick={change}>
        {t('live.other')}
      </Button>
    </Row>
  );
}

/** A person, or also any number; typed or found by name. */
function WhoInput({ label, value, onChange, numbers }: { label: string; value: string; onChange: (value: string) => void; numbers?: boolean }) {
  const { t } = useTranslation();
  if (value) return <Chosen label={label} who={value} change={() => onChange('')} />;
  return <TargetInput label={label} description={t(numbers ? 'live.whoNote' : 'live.personNote')} kinds={numbers ? ['users', 'groups'] : ['users']} onChoose={(chosen) => onChange(chosen.value)} autoFocus dialled />;
}

export function PickUpDialog({ call, to, close }: { call: LiveCall; to: string; close: () => void }) {
  const { t } = useTranslation();
  const order = useOrder();
  const [user, setUser] = useState(to);
  const go = () => order(() => post('/api/v1/calls/{id}/pickup', { path: { id: call.id }, body: { user } }), t('live.pickUpDone'));
  return (
    <OrderDialog title={t('live.pickUp')} go={go} ready={user !== ''} close={close}>
      <Text size="sm">{t('live.pickUpNote')}</Text>
      <WhoInput label={t('live.pickUpWho')} value={user} onChange={setUser} />
    </OrderDialog>
  );
}

export function TransferDialog({ call, to: first, caller, callee, close }: { call: LiveCall; to: string; caller: string; callee: string; close: () => void }) {
  const { t } = useTranslation();
  const order = useOrder();
  const [to, setTo] = useState(first);
  const [who, setWho] = useState('caller');
  const go = () => order(() => post('/api/v1/calls/{id}/transfer', { path: { id: call.id }, body: { to, who } }));
  return (
    <OrderDialog title={t('live.transfer')} go={go} ready={to !== ''} close={close}>
      <Text size="sm">{t('live.transferNote')}</Text>
      <Radio.Group label={t('live.transferWho')} value={who} onChange={setWho}>
        <Row mt="xs">
          <Radio value="caller" label={caller} />
          <Radio value="callee" label={callee} />
        </Row>
      </Radio.Group>
      <WhoInput label={t('live.transferTo')} value={to} onChange={setTo} numbers />
    </OrderDialog>
  );
}

/** Click to call: somebody's phones ring, then the number. */
export function NewCall() {
  const { t } = useTranslation();
  const order = useOrder();
  const [opened, setOpened] = useState(false);
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const go = () => order(() => post('/api/v1/calls', { body: { from, to } }), t('live.ringsFirst'));
  const close = () => {
    setOpened(false);
    setFrom('');
    setTo('');
  };
  return (
    <>
      <Button leftSection={<Icon name="calls" />} data-page-new onClick={() => setOpened(true)}>
        {t('live.newCall')}
      </Button>
      {opened && (
        <OrderDialog title={t('live.callNow')} go={go} ready={from !== '' && to !== ''} close={close}>
          <Text size="sm">{t('live.newCallNote')}</Text>
          <WhoInput label={t('live.callFrom')} value={from} onChange={setFrom} />
          {from !== '' && <WhoInput label={t('live.callTo')} value={to} onChange={setTo} numbers />}
        </OrderDialog>
      )}
    </>
  );
}

/** The same for oneself: one field. */
export function CallFromMyPhone() {
  const { t } = useTranslation();
  const order = useOrder();
  const [to, setTo] = useState('');
  const [busy, setBusy] = useState(false);
  const go = async (event: FormEvent) => {
    event.preventDefault();
    if (to.trim() === '') return;
    setBusy(true);
    if (await order(() => post('/api/v1/me/calls', { body: { to: to.trim() } }), t('live.myPhoneRings'))) setTo('');
    setBusy(false);
  };
  return (
    <form onSubmit={(event) => void go(event)}>
      <Row align="flex-end">
        <TextInput label={t('live.callTo')} description={t('live.myCallNote')} type="tel" autoComplete="off" value={to} onChange={(event) => setTo(event.currentTarget.value)} style={{ flex: 1 }} />
        <Button type="submit" loading={busy} disabled={to.trim() === ''} leftSection={<Icon name="calls" />}>
          {t('live.callNow')}
        </Button>
      </Row>
    </form>
  );
}
