import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { axisEnd, tickStep, ticks } from './scale';
import { MovableBar } from './track';

afterEach(cleanup);

function bar(changes = {}) {
  const told = { onStart: vi.fn(), onEnd: vi.fn(), onOpen: vi.fn(), onRemove: vi.fn(), onDuplicate: vi.fn() };
  render(
    <svg>
      <MovableBar start={6} end={30} axis={35} sentence="Bob rings from second 6 for 24 seconds." text="" canMoveStart canMoveEnd {...told} {...changes} />
    </svg>,
  );
  return { told, slider: screen.getByRole('slider') };
}

describe('a bar by the keys', () => {
  it('says itself in a sentence', () => {
    expect(bar().slider.getAttribute('aria-label')).toBe('Bob rings from second 6 for 24 seconds.');
  });

  it('moves its start by 1 and by 5, and its end with Shift', () => {
    const { told, slider } = bar();
    fireEvent.keyDown(slider, { key: 'ArrowRight' });
    fireEvent.keyDown(slider, { key: 'ArrowLeft', ctrlKey: true });
    fireEvent.keyDown(slider, { key: 'ArrowLeft', shiftKey: true });
    fireEvent.keyDown(slider, { key: 'Home' });

    expect(told.onStart.mock.calls).toEqual([[7], [1], [0]]);
    expect(told.onEnd.mock.calls).toEqual([[29]]);
  });

  it('opens, removes and doubles', () => {
    const { told, slider } = bar();
    for (const key of ['Enter', 'Delete', 'd']) fireEvent.keyDown(slider, { key });

    expect([told.onOpen, told.onRemove, told.onDuplicate].map((one) => one.mock.calls.length)).toEqual([1, 1, 1]);
  });

  it('stays where it is when its start is fixed', () => {
    const { told, slider } = bar({ canMoveStart: false });
    fireEvent.keyDown(slider, { key: 'ArrowRight' });

    expect(told.onStart).not.toHaveBeenCalled();
  });
});

describe('the scale', () => {
  it('has few round ticks and some room at the end', () => {
    expect(tickStep(30)).toBe(5);
    expect(ticks(30)).toEqual([0, 5, 10, 15, 20, 25, 30]);
    expect(axisEnd(30)).toBe(35);
  });
});
