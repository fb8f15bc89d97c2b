// Our own small pictures: 24 x 24, one stroke.
const kShapes = {
  today: 'M4 5h16v15H4zM4 10h16M8 3v4M16 3v4',
  live: 'M3 12h4l3-8 4 16 3-8h4',
  groups: 'M4 6h16M9 12h11M14 18h6',
  calls: 'M5 4h4l2 5-3 2a11 11 0 0 0 5 5l2-3 5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2z',
  simulator: 'M7 4l13 8-13 8z',
  simulation: 'M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-6',
  statistics: 'M4 20h16M6 20v-6M11 20V5M16 20v-9',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6.500M18 14.500a6.500 6.500 0 0 1 3.500 5.500',
  numbers: 'M5 9h14M5 15h14M10 4L8 20M16 4l-2 16',
  trunks: 'M4 17a12 12 0 0 1 16 0M7 13a7.500 7.500 0 0 1 10 0M10 9.500a3 3 0 0 1 4 0M12 20v.01',
  chain: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  hours: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2',
  sounds: 'M4 10v4h4l5 4V6L8 10zM16.500 9a4 4 0 0 1 0 6M19 6.500a8 8 0 0 1 0 11',
  queues: 'M6 9a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM2 20v-6h8v6M16 9a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM13 20v-6h8v6',
  menus: 'M4 4h16v16H4zM8 8h.01M12 8h.01M16 8h.01M8 12h.01M12 12h.01M16 12h.01M12 16h.01',
  phones: 'M4 9a8 4 0 0 1 16 0v2h-4V9H8v2H4zM6 13h12l2 7H4zM10 16h4',
  mailboxes: 'M3 6h18v12H3zM3 7l9 6 9-6',
  codes: 'M12 4v16M5 8l14 8M19 8L5 16',
  history: 'M4 12a8 8 0 1 0 3-6M4 4v4h4M12 8v4l3 2',
  system: 'M4 5h16v6H4zM4 13h16v6H4zM8 8v.01M8 16v.01',
  keys: 'M8 15a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 11h9M18 11v4M15 11v3',
  mine: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0',
  rules: 'M4 6h10M4 12h16M10 18h10',
  search: 'M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500L21 21',
  plus: 'M12 5v14M5 12h14',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  drag: 'M9 6v.01M15 6v.01M9 12v.01M15 12v.01M9 18v.01M15 18v.01',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500L19 19M5 19l1.500-1.500M17.500 6.500L19 5',
  moon: 'M20 14A8 8 0 1 1 10 4a6.500 6.500 0 0 0 10 10z',
  undo: 'M9 7L4 12l5 5M4 12h11a5 5 0 0 1 0 10h-2',
  play: 'M8 5l11 7-11 7z',
  up: 'M6 15l6-6 6 6',
  down: 'M6 9l6 6 6-6',
  close: 'M6 6l12 12M18 6L6 18',
  warn: 'M12 4L2.500 20h19zM12 10v4M12 17v.01',
  good: 'M5 13l4 4L19 7',
  menu: 'M4 6h16M4 12h16M4 18h16',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  upload: 'M12 16V5M7 9l5-5 5 5M5 20h14',
} as const;

export type IconName = keyof typeof kShapes;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={kShapes[name]} />
    </svg>
  );
}
