// A line of the log without what the other columns already say.
import type { LogLine } from '../api/types';

/** The fields of a line, whether the log is written as text or as JSON. */
export function fieldsOf(line: Pick<LogLine, 'text' | 'event'>): string {
  if (line.text.startsWith('{')) {
    const fields = JSON.parse(line.text) as Record<string, unknown>;
    return Object.entries(fields)
      .filter(([name]) => !['ts', 'level', 'event'].includes(name))
      .map(([name, value]) => `${name}=${String(value)}`)
      .join(' ');
  }
  const event = line.text.indexOf(` event=${line.event}`);
  return event < 0 ? line.text : line.text.slice(event + ` event=${line.event}`.length).trimStart();
}
