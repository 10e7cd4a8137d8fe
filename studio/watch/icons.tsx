// Icons of the Watch page.
import { icon } from '../shell/icons.js';

export const PauseIcon = icon(<path d="M7 4v16M17 4v16" />);
export const NextIcon = icon(<path d="M6 5l9 7-9 7zM19 5v14" />);
export const HomeIcon = icon(<path d="M4 11l8-7 8 7v9h-5v-6H9v6H4z" />);
export const RecordIcon = icon(<circle cx="12" cy="12" r="7" fill="currentColor" />);
const Arrow = icon(<path d="M5 12h14m-6-6l6 6-6 6" />);
export const ArrowIcon = ({ angle }: { angle: number }) => (
  <span style={{ display: 'inline-flex', transform: `rotate(${angle}deg)` }}>
    <Arrow size={16} />
  </span>
);
