// Short messages that do not take the focus: "Saved · revision 142 · Undo".
import { createContext, useCallback, useContext, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export interface Toast {
  text: string;
  action?: { label: string; run: () => void };
  bad?: boolean;
}
interface Shown extends Toast {
  id: number;
}

const ToastContext = createContext<(toast: Toast) => void>(() => {});
export const useToast = () => useContext(ToastContext);
const kShownMs = 8000;

export function ToastProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<Shown[]>([]);
  const dismiss = useCallback(
    (id: number) => setShown((all) => all.filter((one) => one.id !== id)),
    [],
  );
  const show = useCallback(
    (toast: Toast) => {
      const id = Date.now() + Math.random();
      setShown((all) => [...all.slice(-3), { ...toast, id }]);
      setTimeout(() => dismiss(id), toast.bad ? 2 * kShownMs : kShownMs);
    },
    [dismiss],
  );
  const list = useMemo(
    () => (
      <div className="toasts" role="status" aria-live="polite">
        {shown.map((toast) => (
          <div key={toast.id} className="toast" data-bad={toast.bad || undefined}>
            <span style={{ flex: 1 }}>{toast.text}</span>
            {toast.action && (
              <button
                type="button"
                style={{ all: 'unset', cursor: 'pointer', color: '#a5d8ff', fontWeight: 600 }}
                onClick={() => {
                  dismiss(toast.id);
                  toast.action?.run();
                }}
              >
                {toast.action.label}
              </button>
            )}
            <button
              type="button"
              aria-label={t('common.close')}
              style={{ all: 'unset', cursor: 'pointer' }}
              onClick={() => dismiss(toast.id)}
            >
              ×
            </button>
          </div>
        ))}
      </div>
    ),
    [shown, dismiss, t],
  );
  return (
    <ToastContext.Provider value={show}>
      {children}
      {list}
    </ToastContext.Provider>
  );
}
