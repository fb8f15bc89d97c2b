import { describe, expect, it } from 'vitest';
import { fieldsOf } from './log_text';

describe('the fields of a log line', () => {
  it('are what stands behind the event', () => {
    const text = 'ts=2026-03-01T12:00:00.250Z level=warn event=auth.failed src=192.0.2.1 user="10 1"';
    expect(fieldsOf({ event: 'auth.failed', text })).toBe('src=192.0.2.1 user="10 1"');
  });
  it('are the same where the log is JSON', () => {
    const text = '{"ts":"2026-03-01T12:00:00.250Z","level":"warn","event":"auth.failed","src":"192.0.2.1","code":401}';
    expect(fieldsOf({ event: 'auth.failed', text })).toBe('src=192.0.2.1 code=401');
  });
  it('are none where the event says all', () => {
    expect(fieldsOf({ event: 'server.started', text: 'ts=x level=info event=server.started' })).toBe('');
  });
});
