// Reason codes, results and outcomes of the server in words; an unknown one is shown as it is.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

function useWords(prefix: 'why' | 'result' | 'outcome') {
  const { t, i18n } = useTranslation();
  return useCallback(
    (code: string): string => {
      if (code === '') return '';
      const status = /^status_(\d+)$/.exec(code);
      if (status) return t('why.status', { code: status[1] ?? '' });
      return i18n.exists(`${prefix}.${code}`) ? String(t(`${prefix}.${code}` as never)) : code.replaceAll('_', ' ');
    },
    [t, i18n, prefix],
  );
}

export const useWhy = () => useWords('why');
export const useResult = () => useWords('result');
export const useOutcome = () => useWords('outcome');
