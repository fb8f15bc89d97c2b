import { useOutcome } from '../i18n/why';
import { Tag } from '../parts/states';

export function OutcomeTag({ outcome }: { outcome: string }) {
  const word = useOutcome();
  const kind = outcome === 'answered' ? 'good' : outcome === 'redirected' ? undefined : 'bad';
  return <Tag {...(kind ? { kind } : {})}>{word(outcome)}</Tag>;
}
