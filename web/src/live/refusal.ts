// Why an order about a call was refused, in the page's language; an unknown reason as the server said.
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/problem';

export function useRefusal(): (error: unknown) => string {
  const { t, i18n } = useTranslation();
  return (error) => {
    if (!(error instanceof Problem)) return (error as Error).message;
    const code = error.document.errors?.[0]?.code ?? '';
    if (code && i18n.exists(`refused.${code}`)) return String(t(`refused.${code}` as never));
    return error.message;
  };
}
