// The SIP messages of a call as a ladder; a click shows a message as it was on the wire.
import { Button, CopyButton, Group as Row, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, urlOf } from '../api/client';
import { Problem } from '../api/problem';
import type { Page, SipMessage } from '../api/types';
import { useFormat } from '../i18n/format';
import { Icon } from '../parts/icon';
import { Failed, Loading } from '../parts/states';
import { kindOf, ladderOf, type Rung } from './ladder_layout';
import './ladder.css';

const kColumn = 130; // px between two sides
const kHeight = 22;

function Arrow({ rung, columns }: { rung: Rung; columns: number }) {
  const middle = (column: number) => column * kColumn + kColumn / 2;
  const from = middle(rung.out ? 0 : rung.column);
  const to = middle(rung.out ? rung.column : 0);
  const back = to > from ? -7 : 7;
  const y = kHeight / 2;
  return (
    <svg width={columns * kColumn} height={kHeight} aria-hidden="true" className="ladder-lines" data-kind={kindOf(rung.message.start)}>
      {Array.from({ length: columns }, (_, column) => (
        <line key={column} x1={middle(column)} x2={middle(column)} y1={0} y2={kHeight} className="ladder-side" />
      ))}
      <path d={`M${from} ${y}H${to}M${to + back} ${y - 5}L${to} ${y}L${to + back} ${y + 5}`} className="ladder-arrow" />
    </svg>
  );
}

function RawMessage({ message }: { message: SipMessage }) {
  const { t } = useTranslation();
  return (
    <div className="panel" data-testid="sip-message">
      <Row justify="space-between">
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {message.start}
        </Text>
        <CopyButton value={message.text}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy}>
              {copied ? t('common.copied') : t('common.copy')}
            </Button>
          )}
        </CopyButton>
      </Row>
      <Text size="sm" c="dimmed">
        {message.direction === 'in' ? `${message.peer} → ${message.local}` : `${message.local} → ${message.peer}`} · {message.transport}
      </Text>
      <pre style={{ overflowX: 'auto' }} tabIndex={0} aria-label={message.start}>
        {message.text}
      </pre>
    </div>
  );
}

function Picture({ messages }: { messages: SipMessage[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [chosen, setChosen] = useState<number>();
  const { peers, rungs } = ladderOf(messages);
  const shown = chosen === undefined ? undefined : messages[chosen];
  return (
    <Stack gap="xs">
      <div className="ladder" tabIndex={0} role="region" aria-label={t('story.ladder')}>
        <div className="ladder-head" style={{ gridTemplateColumns: `repeat(${peers.length + 1}, ${kColumn}px)` }}>
          <strong>Harrier</strong>
          {peers.map((peer) => (
            <span key={peer}>{peer}</span>
          ))}
        </div>
        <ol data-testid="ladder">
          {rungs.map((rung, i) => (
            <li key={i}>
              <button type="button" aria-pressed={chosen === i} onClick={() => setChosen(chosen === i ? undefined : i)}>
                <Arrow rung={rung} columns={peers.length + 1} />
                <span className="ladder-time">{format.number3(rung.ms / 1000)} s</span>
                <span aria-hidden="true">{rung.message.start}</span>
                <VisuallyHidden>{t(rung.out ? 'story.sipOut' : 'story.sipIn', { start: rung.message.start, peer: rung.message.peer })}</VisuallyHidden>
              </button>
            </li>
          ))}
        </ol>
      </div>
      {shown && <RawMessage message={shown} />}
    </Stack>
  );
}

function Messages({ id }: { id: string }) {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ['records', 'sip', id],
    queryFn: async () => (await get<Page<SipMessage>>('/api/v1/calls/{id}/sip', { path: { id } })).data.items,
  });
  if (found.isPending) return <Loading />;
  if (found.error instanceof Problem && found.error.status === 404) return <Text size="sm">{t('story.sipGone')}</Text>;
  if (found.error) return <Failed error={found.error} retry={() => void found.refetch()} />;
  return (
    <Stack gap="xs" mt="xs">
      <Row gap="xs">
        <Text size="sm">{t('story.sipNote')}</Text>
        <Button component="a" href={urlOf('/api/v1/calls/{id}/pcap', { path: { id } })} download="call.pcap" size="compact-sm" variant="default" leftSection={<Icon name="download" />}>
          {t('story.pcap')}
        </Button>
      </Row>
      <Picture messages={found.data} />
    </Stack>
  );
}

/** For administrators; asked for when it is opened. */
export function SipLadder({ id }: { id: string }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  return (
    <details onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>{t('story.ladder')}</summary>
      {opened && <Messages id={id} />}
    </details>
  );
}
