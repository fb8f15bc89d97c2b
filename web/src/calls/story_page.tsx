// Why a call went so: planned bars light, real bars dark, a verdict for each person.
import { Button, CopyButton, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Redirect } from 'wouter';
import { get, urlOf } from '../api/client';
import { Problem } from '../api/problem';
import type { CallRecord, LiveCall, Story, Verdict } from '../api/types';
import { pageOfSetting } from '../groups/health';
import { useFormat } from '../i18n/format';
import { useResult, useWhy } from '../i18n/why';
import { Failed, Loading, PageHead } from '../parts/states';
import { useNames } from '../people/names';
import { mayChange, useMyself } from '../session/session';
import { axisEnd } from '../timeline/scale';
import { Axis, Bar, Track } from '../timeline/track';
import { SipLadder } from './ladder';
import { OutcomeTag } from './outcome_tag';
import { Told } from './told';

function useVerdictText() {
  const { t } = useTranslation();
  const result = useResult();
  const why = useWhy();
  return (verdict: Verdict): string => {
    const reason = verdict.why && verdict.why !== verdict.result ? why(verdict.why) : '';
    if (!verdict.rang)
      return reason ? t('story.didNotRingBecause', { why: reason }) : t('story.didNotRing', { result: result(verdict.result) });
    return reason ? `${result(verdict.result)} (${reason})` : result(verdict.result);
  };
}

function VerdictRow({ verdict, axis, planEnd, name }: { verdict: Verdict; axis: number; planEnd: number; name: (target: string) => string }) {
  const { t } = useTranslation();
  const text = useVerdictText();
  const page = pageOfSetting(verdict.setting);
  const who = verdict.name || name(verdict.target);
  // Who was left out from the start had no time of his own in the plan.
  const planned = verdict.result === 'skipped' ? null : verdict.planned;
  const real = verdict.ringing;
  const seconds = (ms: number) => (ms / 1000).toFixed(ms % 1000 === 0 ? 0 : 1);
  const late = real && planned ? t('story.startedAt', { at: seconds(real.from_ms), planned: seconds(planned.from_ms) }) : '';
  return (
    <div className="tl-row" data-testid="verdict">
      <div className="tl-label" style={{ flexDirection: 'column', alignItems: 'flex-start', gap: 0 }}>
        <span className="tl-name">
          <strong>{who}</strong> {verdict.path.length > 0 && <small>{verdict.path.join(' › ')}</small>}
        </span>
        <small>
          {text(verdict)} {page && <Link href={page}>{t('common.change')}</Link>}
        </small>
      </div>
      <Track end={axis}>
        {planned && (
          <Bar
            start={planned.from_ms / 1000}
            end={planned.to_ms === null ? planEnd : planned.to_ms / 1000}
            axis={axis}
            kind="planned"
            thin="upper"
            title={t('story.planned', { from: seconds(planned.from_ms) })}
          />
        )}
        {real && (
          <Bar
            start={real.from_ms / 1000}
            end={real.to_ms === null ? axis : real.to_ms / 1000}
            axis={axis}
            kind={verdict.result === 'won' ? 'good' : 'rings'}
            thin="lower"
            title={late}
            text={`${seconds(real.from_ms)}${real.to_ms === null ? '' : `–${seconds(real.to_ms)}`} s`}
          />
        )}
      </Track>
    </div>
  );
}

function Picture({ story, name }: { story: Story; name: (target: string) => string }) {
  const { t } = useTranslation();
  const record = story.record as CallRecord;
  const ends = story.verdicts.flatMap((one) => [one.planned?.to_ms ?? 0, one.ringing?.to_ms ?? 0]);
  const waited = record.wait_ms / 1000;
  const axis = axisEnd(Math.max(waited, ...ends.map((ms) => ms / 1000)));
  // A ring without an end of its own lasts as long as the longest that has one.
  const planEnd = Math.max(0, ...story.verdicts.map((one) => (one.planned?.to_ms ?? 0) / 1000)) || axis;
  return (
    <div className="tl" role="group" aria-label={t('group.timeline')}>
      <Axis end={axis} label={<span className="tl-name">{t('story.legend')}</span>} />
      {story.verdicts.map((verdict, i) => (
        <VerdictRow key={i} verdict={verdict} axis={axis} planEnd={planEnd} name={name} />
      ))}
      <div className="tl-row">
        <div className="tl-label">
          <span className="tl-name">{t('story.caller')}</span>
        </div>
        <Track end={axis}>
          <Bar start={0} end={waited} axis={axis} kind="caller" text={t('story.waited')} />
          {record.answered && <Bar start={waited} end={axis} axis={axis} kind="good" text={t('story.talked')} />}
        </Track>
      </div>
    </div>
  );
}

function Facts({ record, name }: { record: CallRecord; name: (target: string) => string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const facts: [string, string][] = [
    [t('calls.caller'), record.from_name && record.from_name !== record.from ? `${record.from_name} (${record.from})` : record.from],
    [t('calls.dialled'), record.dialled],
    [t('common.group'), record.group],
    [t('calls.answered_by'), record.answered_by && name(record.answered_by)],
    [t('calls.wait'), format.length(record.wait_ms)],
    [t('calls.talk'), record.talk_ms ? format.length(record.talk_ms) : ''],
    [t('story.final'), record.final_destination],
    [t('story.endedBy'), record.ended_by],
    [t('story.code'), record.sip_code ? `${record.sip_code}${record.q850 ? ` · Q.850 ${record.q850}` : ''}` : ''],
    ['Call-ID', record.sip_call_id],
  ];
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} className="panel">
      {facts
        .filter(([, value]) => value)
        .map(([label, value]) => (
          <div key={label}>
            <Text size="sm" c="dimmed">
              {label}
            </Text>
            <Text style={{ overflowWrap: 'anywhere' }}>{value}</Text>
          </div>
        ))}
    </SimpleGrid>
  );
}

function Events({ story, name }: { story: Story; name: (target: string) => string }) {
  const { t } = useTranslation();
  const why = useWhy();
  return (
    <details>
      <summary>{t('story.events')}</summary>
      <ol>
        {story.timeline.map((one, i) => (
          <li key={i} value={i + 1}>
            {(one.at_ms / 1000).toFixed(2)} s: {t(`story.what_${one.what}`)}
            {one.target ? ` · ${name(one.target)}` : ''}
            {one.why ? ` · ${why(one.why)}` : ''}
          </li>
        ))}
      </ol>
    </details>
  );
}

function Attempts({ record, name }: { record: CallRecord; name: (target: string) => string }) {
  const { t } = useTranslation();
  const tried = record.attempts.flatMap((attempt) => attempt.contacts.map((contact) => ({ attempt, contact })));
  if (tried.length === 0) return null;
  return (
    <details>
      <summary>{t('story.phones')}</summary>
      <ul>
        {tried.map(({ attempt, contact }, i) => (
          <li key={i}>
            {name(attempt.target)}: <code>{contact.uri}</code> {contact.sip_status || ''}
            {contact.ended_at_ms === null ? '' : ` · ${(contact.ended_at_ms / 1000).toFixed(2)} s`}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Drawing({ id }: { id: string }) {
  const { t } = useTranslation();
  const drawn = useQuery({
    queryKey: ['records', 'drawing', id],
    queryFn: async () =>
      (await get<string>('/api/v1/calls/{id}', { path: { id }, headers: { Accept: 'text/plain' }, as: 'text' })).data,
  });
  if (!drawn.data) return null;
  return (
    <details>
      <summary>{t('story.asText')}</summary>
      <CopyButton value={drawn.data}>
        {({ copied, copy }) => (
          <Button size="xs" variant="default" onClick={copy} mt="xs">
            {copied ? t('common.copied') : t('common.copy')}
          </Button>
        )}
      </CopyButton>
      <pre style={{ overflowX: 'auto' }} tabIndex={0}>
        {drawn.data}
      </pre>
    </details>
  );
}

export default function StoryPage({ id = '' }: { id?: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const session = useMyself();
  const found = useQuery({
    queryKey: ['records', 'story', id],
    queryFn: async (): Promise<{ story?: Story; live?: LiveCall }> => {
      try {
        return { story: (await get<Story>('/api/v1/records/{id}/story', { path: { id } })).data };
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 404) throw error;
        // Not in the records yet: perhaps it still runs.
        return { live: (await get<LiveCall>('/api/v1/calls/{id}', { path: { id } })).data };
      }
    },
    refetchInterval: (query) => (query.state.data?.live ? 1000 : false),
  });
  const story = found.data?.story;
  const targets = useMemo(() => {
    const record = story?.record as CallRecord | undefined;
    return [...(story?.verdicts.map((one) => one.target) ?? []), record?.answered_by ?? ''];
  }, [story]);
  const name = useNames(targets);
  if (found.isPending) return <Loading />;
  if (found.data?.live && found.data.live.state !== 'ended') return <Redirect to={`/live?call=${encodeURIComponent(id)}`} />;
  if (!story) return <Failed error={found.error ?? new Error(t('error.notFound'))} retry={() => void found.refetch()} />;
  const record = story.record as CallRecord;
  const again = new URLSearchParams({ number: record.dialled, from: record.from });
  return (
    <>
      <PageHead title={t('story.title', { from: record.from_name || record.from, to: record.dialled })} icon="calls" note={format.moment(record.started)}>
        <OutcomeTag outcome={record.outcome} />
        <Button component={Link} href={`/simulator?${again.toString()}`} variant="default" size="xs">
          {t('story.again')}
        </Button>
      </PageHead>
      <Stack>
        <Picture story={story} name={name} />
        {record.recording && (
          <div>
            <Title order={2} size="h4">
              {t('calls.recording')}
            </Title>
            <audio controls preload="none" src={urlOf('/api/v1/records/{id}/recording', { path: { id: record.id } })} />
          </div>
        )}
        <Facts record={record} name={name} />
        <Stack gap="xs">
          <Events story={story} name={name} />
          <Attempts record={record} name={name} />
          {mayChange(session) && <SipLadder id={record.id} />}
          <Told call={record.id} />
          <Drawing id={record.id} />
          {mayChange(session) && <Link href={`/system?tab=log&call=${encodeURIComponent(record.id)}`}>{t('story.logLines')}</Link>}
        </Stack>
      </Stack>
    </>
  );
}
