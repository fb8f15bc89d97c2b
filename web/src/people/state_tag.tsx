import { useTranslation } from 'react-i18next';
import type { UserState } from '../api/types';
import { Tag } from '../parts/states';

export function StateTag({ state }: { state: UserState | undefined }) {
  const { t } = useTranslation();
  if (!state) return null;
  const kind = state.word === 'available' ? 'good' : state.word === 'in_a_call' ? 'warn' : 'bad';
  return (
    <Tag kind={kind}>
      {t(`state.${state.word}`)}
      {state.devices > 0 ? ` · ${t('health.devices', { count: state.devices })}` : ''}
    </Tag>
  );
}
