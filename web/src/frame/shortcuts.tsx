import { Kbd, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export function ShortcutsDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  const rows: [string, string][] = [
    ['Ctrl+K', t('keys.search')],
    ['/', t('keys.find')],
    ['Ctrl+S', t('keys.save')],
    ['Ctrl+Z / Ctrl+Y', t('keys.undo')],
    ['n', t('keys.new')],
    ['j / k', t('keys.rows')],
    ['← / →', t('keys.barMove')],
    ['Ctrl+← / Ctrl+→', t('keys.barFive')],
    ['Shift+← / Shift+→', t('keys.barLength')],
    ['Home / End', t('keys.barEnds')],
    ['Enter', t('keys.barExact')],
    ['Del', t('keys.barRemove')],
    ['Alt+↑ / Alt+↓', t('keys.rowMove')],
    ['?', t('keys.sheet')],
  ];
  return (
    <Modal opened={opened} onClose={close} title={t('keys.title')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <table className="list" aria-label={t('keys.title')}>
        <tbody>
          {rows.map(([keys, what]) => (
            <tr key={keys}>
              <td data-label={what}>
                <Kbd>{keys}</Kbd>
              </td>
              <td data-label="">{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}
