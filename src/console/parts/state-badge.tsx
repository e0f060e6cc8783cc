import type { CameraState } from '../api/types.js';
import { useSpeech } from '../words/words.js';
import { Icon, type IconName } from './icon.js';

const ICONS: Readonly<Record<CameraState, IconName>> = {
  masked: 'shield',
  withheld: 'hidden',
  starting: 'wait',
  offline: 'offline',
};

/** A camera's state in a word, a sign and a colour: none of them is needed to understand the others. */
export const StateBadge = ({ state }: { readonly state: CameraState }) => {
  const { say } = useSpeech();
  return (
    <span className="badge" data-state={state}>
      <Icon name={ICONS[state]} size={15} />
      {say.states[state]}
    </span>
  );
};
