import { describe, expect, it } from 'vitest';
import type { PlanStory } from '../api/types';
import { expectationOf, questionUrl } from './expectation';

const story: PlanStory = {
  number: '600', from: '', at: '2026-03-02T10:00:00Z', decisions: [{ what: 'mailbox general', because: '', setting: '' }], skipped: [],
  plan: {
    stages: [{ rings: [{ target: '101', path: [], after_ms: 0, for_ms: 30_000, confirm: false }, { target: '102', path: [], after_ms: 6500, for_ms: null, confirm: false }], for_ms: 30_000 }],
    rounds: 1, repeat_from: 0, limit_ms: null, finally: { mailbox: 'general' },
  },
};

describe('a saved test', () => {
  it('expects who rings, from when and how long', () => {
    expect(expectationOf(story)).toEqual({
      stages: [{ ring: [{ ring: '101', for: 30 }, { ring: '102', after: 6.5 }], for: 30 }],
      finally: { mailbox: 'general' },
    });
  });
  it('expects the last decision where nobody rings', () => {
    expect(expectationOf({ ...story, plan: { ...story.plan, stages: [] } })).toEqual({ leads_to: 'mailbox general' });
  });
  it('is asked again by an address', () => {
    const test = { id: 't', revision: 1, name: 'T', number: '600', from: '+48600100200', at: '', phones: [], seed: 7, expect: {} };
    expect(questionUrl(test)).toBe('/simulator?number=600&from=%2B48600100200&phones=all&seed=7');
  });
});
