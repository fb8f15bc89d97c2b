// The calls of a filter as one CSV file, page after page.
import { get } from '../api/client';

const kAPage = 1000;

export async function recordsCsv(query: Record<string, string | undefined>): Promise<Blob> {
  const parts: string[] = [];
  for (let cursor = ''; ; ) {
    const page = await get<string>('/api/v1/records', {
      query: { ...query, limit: kAPage, cursor },
      headers: { Accept: 'text/csv' },
      as: 'text',
    });
    // The heading stands on each page; one is enough.
    const heading = page.data.indexOf('\n') + 1;
    parts.push(parts.length === 0 ? page.data : page.data.slice(heading));
    cursor = page.headers.get('X-Next-Cursor') ?? '';
    if (cursor === '') return new Blob(parts, { type: 'text/csv;charset=utf-8' });
  }
}

export function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
