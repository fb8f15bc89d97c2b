// Strategies by picture, and what a change of strategy fills in.
import { Button, Group, SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Strategy } from '../api/types';
import { MiniPlan } from '../timeline/mini';
import { filledIn, withStrategy } from './edit';
import { nameOf, planOf, type PlanPart } from './plan';

export const kStrategies: Strategy[] = [
  'ring_all', 'sequential', 'staggered', 'rollover', 'stages', 'round_robin', 'random',
  'longest_idle', 'fewest_calls', 'weighted', 'page',
];

const kThree: PlanPart = {
  strategy: 'ring_all',
  timeout: 30,
  repeat: 1,
  members: [{ ring: 'a', for: 10 }, { ring: 'b', for: 10, after: 8 }, { ring: 'c', for: 10, after: 16 }],
  stages: [
    { ring: [{ ring: 'a' }, { ring: 'b' }], for: 15 },
    { ring: [{ ring: 'c' }], for: 15 },
  ],
};
const kOrder: Partial<Record<Strategy, number[]>> = { random: [1, 2, 0], round_robin: [1, 2, 0], weighted: [2, 0, 1], longest_idle: [2, 1, 0], fewest_calls: [0, 2, 1] };

/** A picture of three people rung by this strategy. */
function Picture({ strategy }: { strategy: Strategy }) {
  const members = strategy === 'staggered' ? kThree.members.map(({ ring, after }) => ({ ring: ring ?? '', ...(after ? { after } : {}) })) : kThree.members;
  const plan = planOf({ ...kThree, strategy, members });
  const order = kOrder[strategy];
  const bars = order ? plan.bars.map((bar, i) => ({ ...bar, ...rows(plan.bars[order[i] ?? i]) })) : plan.bars;
  return <MiniPlan bars={bars} total={plan.total} />;
}
function rows(bar: { start: number; end: number } | undefined) {
  return bar ? { start: bar.start, end: bar.end } : {};
}

export function StrategyPicker({
  value,
  onChange,
  disabled,
  choices = kStrategies,
}: {
  value: Strategy;
  onChange: (strategy: Strategy) => void;
  disabled?: boolean;
  choices?: Strategy[];
}) {
  const { t } = useTranslation();
  return (
    <fieldset className="pictures" disabled={disabled}>
      <legend>{t('group.strategy')}</legend>
      <SimpleGrid cols={{ base: 2, xs: 3, md: 4, xl: 6 }} spacing="xs">
        {choices.map((strategy) => (
          <label key={strategy} className="picture" data-on={strategy === value}>
            <input
              type="radio"
              name="strategy"
              value={strategy}
              checked={strategy === value}
              onChange={() => onChange(strategy)}
            />
            <Picture strategy={strategy} />
            <span className="picture-name">{t(`strategy.${strategy}`)}</span>
            <span className="picture-note">{t(`strategyNote.${strategy}`)}</span>
          </label>
        ))}
      </SimpleGrid>
    </fieldset>
  );
}

/** "Changing to staggered fills in: …", until it is saved or taken back. */
export function FilledIn({
  base,
  draft,
  name,
  onBack,
}: {
  base: PlanPart;
  draft: PlanPart;
  name: (target: string) => string;
  onBack: () => void;
}) {
  const { t } = useTranslation();
  if (base.strategy === draft.strategy || base.members.length + base.stages.length === 0) return null;
  const all = filledIn(base, draft);
  const shown = (value: number | undefined) => (value === undefined ? '–' : String(value));
  return (
    <div className="panel" data-testid="filled-in" role="status">
      <Text fw={600}>
        {t('group.fillsIn', { from: t(`strategy.${base.strategy}`), to: t(`strategy.${draft.strategy}`) })}
      </Text>
      {all.length === 0 ? (
        <Text size="sm">{t('group.fillsInNothing')}</Text>
      ) : (
        <ul>
          {all.map((one, i) => (
            <li key={i}>
              {one.who === '' ? t('group.whole') : name(one.who)}: {t(`group.field_${one.field}`)}{' '}
              {shown(one.before)} → <strong>{shown(one.after)}</strong>
            </li>
          ))}
        </ul>
      )}
      <Group>
        <Button size="xs" variant="default" onClick={onBack}>
          {t('group.keepStrategy', { strategy: t(`strategy.${base.strategy}`) })}
        </Button>
      </Group>
    </div>
  );
}

export function changedStrategy<G extends PlanPart>(group: G, strategy: Strategy): G {
  return withStrategy(group, strategy);
}

export function lineKey(member: { ring?: string; group?: string }, i: number): string {
  return `${nameOf(member)} ${i}`;
}
