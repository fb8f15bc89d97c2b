// The changes that would help most, with what they bring and what they cost.
import { Button, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Advice, Simulated } from '../api/types';
import { useFormat } from '../i18n/format';

const kIdeas = ['rings_too', 'comes_first', 'group_rings', 'members_shorter', 'members_longer', 'stage_shorter', 'stage_longer', 'stage_together', 'rings_busy', 'skips_busy', 'asks_nobody', 'asks_everybody', 'all_at_once', 'twice'] as const;
type Code = (typeof kIdeas)[number];

function useIdea() {
  const { t } = useTranslation();
  return (one: Advice): string => {
    if (!kIdeas.some((code) => code === one.code)) return one.what;
    const values = { whose: one.whose, seconds: one.seconds, was: one.was_seconds };
    return String(t(`idea.${one.code as Code}`, values as never));
  };
}

export function AdviceList({ result, groupId }: { result: Simulated; groupId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const idea = useIdea();
  if (!result.advice) return null;
  const signed = (value: number, text: (value: number) => string) => `${value < 0 ? '−' : '+'}${text(Math.abs(value))}`;
  return (
    <section aria-label={t('simulation.advice')} className="panel" data-testid="advice">
      <Title order={2} size="h4">
        {t('simulation.advice')}
      </Title>
      {result.advice.length === 0 ? (
        <Text>{t('simulation.noAdvice', { count: result.tried ?? 0 })}</Text>
      ) : (
        <ol>
          {result.advice.map((one, i) => (
            <li key={i}>
              <strong>{idea(one)}</strong>
              {': '}
              {t('simulation.helps', {
                answered: signed(one.answered, format.percent1),
                give: format.percent1(one.give_or_take),
                wait: signed(one.wait_s, format.number1),
                missed: signed(one.missed_a_call, format.number2),
              })}
            </li>
          ))}
        </ol>
      )}
      <Button component={Link} href={`/groups/${encodeURIComponent(groupId)}`} variant="default" size="xs">
        {t('simulation.toGroup')}
      </Button>
    </section>
  );
}
