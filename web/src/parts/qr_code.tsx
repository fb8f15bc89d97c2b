// A text as a QR code; loaded when it is shown.
import { encode } from 'uqr';

const kBorder = 4; // the quiet zone that readers want

/** One path of the dark modules. */
export function pathOf(rows: readonly (readonly boolean[])[]): string {
  const parts: string[] = [];
  rows.forEach((row, y) => row.forEach((dark, x) => dark && parts.push(`M${x + kBorder} ${y + kBorder}h1v1h-1z`)));
  return parts.join('');
}

export default function QrCode({ text, label }: { text: string; label: string }) {
  const made = encode(text, { ecc: 'M', border: 0 });
  const size = made.size + 2 * kBorder;
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} width={240} height={240} shapeRendering="crispEdges" data-testid="qr">
      <rect width={size} height={size} fill="#fff" />
      <path d={pathOf(made.data)} fill="#000" />
    </svg>
  );
}
