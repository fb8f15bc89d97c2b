// The table of every list: sorts by the server, loads on when its end is seen, draws only what is
// seen, and becomes cards on a phone.
import { Button, Group, Text } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export interface Column<T> {
  key: string;
  label: string;
  sortable?: boolean;
  render: (row: T) => ReactNode;
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  idOf: (row: T) => string;
  sort?: string;
  onSort?: (sort: string) => void;
  more?: { has: boolean; loading: boolean; load: () => void };
}

const kDrawAllUpTo = 100;
const kRowHeight = 45;

function SortButton({ column, sort, onSort }: { column: Column<never>; sort: string; onSort: (sort: string) => void }) {
  const on = sort.replace(/^-/, '') === column.key;
  const down = on && sort.startsWith('-');
  return (
    <button type="button" onClick={() => onSort(on && !down ? `-${column.key}` : column.key)}>
      {column.label} <span aria-hidden="true">{on ? (down ? '▾' : '▴') : ''}</span>
    </button>
  );
}

// j and k go from row to row, as the arrow keys do.
function moveInRows(event: KeyboardEvent<HTMLTableSectionElement>): void {
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  const target = event.target as HTMLElement;
  if (!step || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
  const row = target.closest('tr');
  const next = step > 0 ? row?.nextElementSibling : row?.previousElementSibling;
  const focus = next?.querySelector<HTMLElement>('a, button');
  if (!focus) return;
  event.preventDefault();
  focus.focus();
}

export function DataTable<T>({ label, columns, rows, idOf, sort = '', onSort, more }: Props<T>) {
  const { t } = useTranslation();
  const body = useRef<HTMLTableSectionElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const virtual = rows.length > kDrawAllUpTo;
  const drawn = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => kRowHeight,
    overscan: 20,
    scrollMargin: body.current?.offsetTop ?? 0,
    enabled: virtual,
  });
  const load = more?.load;
  const wants = more !== undefined && more.has && !more.loading;
  useEffect(() => {
    if (!wants || !end.current || !load) return;
    const seen = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) load();
    });
    seen.observe(end.current);
    return () => seen.disconnect();
  }, [wants, load, rows.length]);
  const parts = virtual ? drawn.getVirtualItems() : rows.map((_, index) => ({ index }));
  const margin = drawn.options.scrollMargin;
  const first = virtual ? drawn.getVirtualItems()[0] : undefined;
  const last = virtual ? drawn.getVirtualItems().at(-1) : undefined;
  return (
    <>
      <table className="list" aria-label={label} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {columns.map((column) => {
              const on = sort.replace(/^-/, '') === column.key;
              return (
                <th
                  key={column.key}
                  scope="col"
                  aria-sort={on ? (sort.startsWith('-') ? 'descending' : 'ascending') : undefined}
                >
                  {column.sortable && onSort ? (
                    <SortButton column={column as Column<never>} sort={sort} onSort={onSort} />
                  ) : (
                    column.label
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={moveInRows}>
          {first && first.start > margin && (
            <tr aria-hidden="true" style={{ height: first.start - margin }} />
          )}
          {parts.map(({ index }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <tr
                key={idOf(row)}
                data-index={index}
                ref={virtual ? drawn.measureElement : undefined}
                aria-rowindex={index + 2}
              >
                {columns.map((column) => (
                  <td key={column.key} data-label={column.label}>
                    {column.render(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {last && (
            <tr aria-hidden="true" style={{ height: drawn.getTotalSize() - (last.end - margin) }} />
          )}
        </tbody>
      </table>
      <div ref={end} />
      {more?.has && (
        <Group p="sm">
          <Button variant="default" size="xs" loading={more.loading} onClick={more.load}>
            {t('common.more')}
          </Button>
          <Text size="sm" c="dimmed">
            {t('common.shown', { count: rows.length })}
          </Text>
        </Group>
      )}
    </>
  );
}
