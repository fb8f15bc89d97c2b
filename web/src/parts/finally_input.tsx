// What happens when nobody has taken the call: one destination, or one for each way it can end.
import { Button, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Finally } from '../api/types';
import { DestinationInput } from './destination';

const kEnds = ['no_answer', 'busy', 'unreachable'] as const;

export function FinallyInput({
  value,
  change,
  fieldError,
}: {
  value: Finally | undefined;
  change: (value: Finally | undefined) => void;
  fieldError: (pointer: string) => string | undefined;
}) {
  const { t } = useTranslation();
  const end = value ?? {};
  const split = kEnds.some((key) => key in end);
  const error = fieldError('/finally');
  if (!split)
    return (
      <Stack gap="xs">
        <DestinationInput
          label={t('group.thenLabel')}
          value={Object.keys(end).length ? (end as Record<string, string>) : undefined}
          empty={t('destination.none')}
          onChange={change}
          {...(error ? { error } : {})}
        />
        <Button size="compact-xs" variant="subtle" onClick={() => change({ no_answer: Object.keys(end).length ? end : { hangup: true } })}>
          {t('group.thenSplit')}
        </Button>
      </Stack>
    );
  return (
    <Stack gap="xs">
      {kEnds.map((key) => {
        const own = fieldError(`/finally/${key}`);
        return (
          <DestinationInput
            key={key}
            label={t(`group.then_${key}`)}
            value={(end as Record<string, Record<string, string>>)[key]}
            empty={key === 'no_answer' ? t('destination.none') : t('group.asNoAnswer')}
            onChange={(next) => change({ ...end, [key]: next })}
            {...(own ? { error: own } : {})}
          />
        );
      })}
      <Button size="compact-xs" variant="subtle" onClick={() => change((end as Record<string, Finally>)['no_answer'])}>
        {t('group.thenJoin')}
      </Button>
    </Stack>
  );
}
