/** Line icons on a 24 px grid, drawn for this console. */
const PATHS = {
  wall: 'M3 4h8v7H3zM13 4h8v7h-8zM3 13h8v7H3zM13 13h8v7h-8z',
  alerts: 'M12 3a6 6 0 0 0-6 6v4l-2 4h16l-2-4V9a6 6 0 0 0-6-6zM10 20h4',
  zones: 'M4 7l8-3 8 4-2 11-12 1zM4 7v.01M12 4v.01M20 8v.01M18 19v.01M6 20v.01',
  compliance: 'M6 3h9l4 4v14H6zM9 12l2 2 4-4M9 18h6',
  approvals:
    'M8 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2 20c.5-4 3-6 6-6 1.500 0 2.800.4 4 1.200M14 18l3 3 5-6',
  system: 'M3 6h18M3 12h18M3 18h18M8 4v4M16 10v4M10 16v4',
  shield: 'M12 3l8 3v6c0 4.5-3.2 7.6-8 9-4.8-1.4-8-4.5-8-9V6z',
  hidden: 'M3 12s3.5-6 9-6c1.6 0 3 .5 4.300 1.200M21 12s-3.500 6-9 6c-1.600 0-3-.5-4.300-1.200M4 20L20 4',
  offline: 'M4 8a12 12 0 0 1 16 0M7 12a8 8 0 0 1 10 0M12 18v.01M4 20L20 4',
  wait: 'M12 3a9 9 0 1 0 9 9M12 7v5l3 2',
  back: 'M15 5l-7 7 7 7',
  plus: 'M12 5v14M5 12h14',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13',
  undo: 'M9 7l-5 4 5 4M4 11h10a6 6 0 0 1 0 12h-2',
  redo: 'M15 7l5 4-5 4M20 11H10a6 6 0 0 0 0 12h2',
  split: 'M4 5h16v14H4zM12 3v18',
  check: 'M4 12l5 5L20 6',
  warning: 'M12 4L2 20h20zM12 10v5M12 17.500v.01',
  people:
    'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2 20c.5-4 3-6 7-6s6.500 2 7 6M16 4.500a3.500 3.500 0 0 1 0 6.500M18 14.500c2.500.8 3.700 2.700 4 5.500',
  records: 'M4 4h6l2 3h8v13H4zM8 12h8M8 16h5',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c1-4 4-6 8-6s7 2 8 6',
  expand: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  history: 'M4 12a8 8 0 1 0 2.500-5.800L4 8M4 4v4h4M12 8v5l3 2',
  print: 'M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5',
  key: 'M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 12l9-9M16 7l3 3',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: what it means stands beside it in words. */
export const Icon = ({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) => (
  <svg className="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
    <path d={PATHS[name]} />
  </svg>
);
