// Where a person's calls go when he does not take them; his own page has it, too.
import { Group as Row, NumberInput, SimpleGrid, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { User } from '../api/types';

export function ForwardFields({ forward, change, disabled, fieldError }: { forward: User['forward']; change: (forward: User['forward']) => void; disabled: boolean; fieldError: (pointer: string) => string | undefined }) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} pt="md">
      {(['always', 'busy', 'unreachable'] as const).map((kind) => (
        <TextInput
          key={kind}
          label={t(`forward.${kind}`)}
          placeholder={t('forward.nobody')}
          value={forward[kind]}
          disabled={disabled}
          onChange={(event) => change({ ...forward, [kind]: event.currentTarget.value })}
          error={fieldError(`/forward/${kind}`)}
        />
      ))}
      <Row align="flex-start" wrap="nowrap">
        <TextInput
          style={{ flex: 1 }}
          label={t('forward.no_answer')}
          placeholder={t('forward.nobody')}
          value={forward.no_answer.to}
          disabled={disabled}
          onChange={(event) => change({ ...forward, no_answer: { ...forward.no_answer, to: event.currentTarget.value } })}
          error={fieldError('/forward/no_answer/to')}
        />
        <NumberInput
          w="7rem"
          label={t('forward.after')}
          value={forward.no_answer.after}
          min={1}
          max={3600}
          disabled={disabled}
          onChange={(value) => change({ ...forward, no_answer: { ...forward.no_answer, after: value === '' ? 20 : Number(value) } })}
          error={fieldError('/forward/no_answer/after')}
        />
      </Row>
    </SimpleGrid>
  );
}
