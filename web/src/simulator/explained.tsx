// The answer of the simulator: the picture, the sentence, the numbered reasons and who is left out.
import { Stack, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { PlanStory } from '../api/types';
import { pageOfSetting } from '../groups/health';
import { finallyText, saidOfStory, sentence } from '../groups/sentence';
import { useFormat } from '../i18n/format';
import { useWhy } from '../i18n/why';
import { useNames } from '../people/names';
import { PlanPicture } from '../timeline/plan_picture';
import { useReason } from './reasons';

export function Explained({ story }: { story: PlanStory }) {
  const { t } = useTranslation();
  const format = useFormat();
  const why = useWhy();
  const reason = useReason();
  const targets = useMemo(
    () => [
      ...story.plan.stages.flatMap((stage) => stage.rings.map((ring) => ring.target)),
      ...story.skipped.map((one) => one.target),
    ],
    [story],
  );
  const name = useNames(targets);
  const words = { t, name, list: format.list };
  return (
    <Stack>
      <p className="sentence panel" data-testid="sentence">
        {sentence(words, saidOfStory(story), undefined)}
      </p>
      <PlanPicture story={story} name={name} then={finallyText(t, name, format.list, story.plan.finally)} />
      <div>
        <Title order={2} size="h4">
          {t('simulator.reasons')}
        </Title>
        <ol data-testid="reasons">
          {story.decisions.map((decision, i) => {
            const page = pageOfSetting(decision.setting);
            return (
              <li key={i}>
                {reason(decision.what)}
                {decision.because && <Text span c="dimmed">{` (${reason(decision.because)})`}</Text>}{' '}
                {page && <Link href={page}>{t('common.change')}</Link>}
              </li>
            );
          })}
        </ol>
      </div>
      {story.skipped.length > 0 && (
        <div>
          <Title order={2} size="h4">
            {t('simulator.skipped')}
          </Title>
          <ul data-testid="skipped">
            {story.skipped.map((one, i) => (
              <li key={i}>
                {name(one.target)}: {why(one.why)}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Stack>
  );
}
