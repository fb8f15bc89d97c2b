import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import QrCode, { pathOf } from './qr_code';

describe('a QR code', () => {
  it('has a quiet zone of four modules and the three finders', () => {
    render(
      <MantineProvider>
        <QrCode text="otpauth://totp/harrier" label="code" />
      </MantineProvider>,
    );
    const picture = screen.getByRole('img', { name: 'code' });
    const size = Number(picture.getAttribute('viewBox')?.split(' ')[3]);
    const path = picture.querySelector('path')?.getAttribute('d') ?? '';
    for (const [x, y] of [[4, 4], [size - 11, 4], [4, size - 11]]) expect(path).toContain(`M${x} ${y}h1v1h-1z`);
    expect(path).not.toContain('M3 ');
  });
  it('draws each dark module once', () => {
    expect(pathOf([[true, false], [false, true]])).toBe('M4 4h1v1h-1zM5 5h1v1h-1z');
  });
});
