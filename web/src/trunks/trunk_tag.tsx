import { useTranslation } from 'react-i18next';
import type { Trunk } from '../api/types';
import { Tag } from '../parts/states';

export function TrunkTag({ trunk }: { trunk: Trunk | undefined }) {
  const { t } = useTranslation();
  const state = trunk?.state;
  if (!state) return null;
  const kind = state.word === 'up' ? 'good' : state.word === 'down' ? 'bad' : undefined;
  return (
    <Tag {...(kind ? { kind } : {})}>
      {t(`trunks.${state.word}`)}
      {state.text ? `: ${state.text}` : ''}
    </Tag>
  );
}
