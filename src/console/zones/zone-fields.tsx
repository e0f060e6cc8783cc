import { useId } from 'react';
import { isProhibitedKind, ZONE_ACTIONS, ZONE_KINDS, ZONE_MASKS, ZONE_STYLES, type Zone } from '../../zones/zone.js';
import { Choice } from '../parts/choice.js';
import { useSpeech } from '../words/words.js';

interface ZoneFieldsProps {
  readonly zone: Zone;
  readonly onChange: (change: Partial<Zone>) => void;
}

/** What can be said of a zone besides its shape. */
export const ZoneFields = ({ zone, onChange }: ZoneFieldsProps) => {
  const { say } = useSpeech();
  const id = useId();
  const prohibited = isProhibitedKind(zone.kind);
  return (
    <div className="zone-fields">
      <div className="field">
        <label htmlFor={`${id}-name`}>{say.zones.id}</label>
        <input
          id={`${id}-name`}
          value={zone.id}
          maxLength={64}
          spellCheck={false}
          onChange={({ target }) => onChange({ id: target.value })}
        />
      </div>
      <Choice
        label={say.zones.kind}
        value={zone.kind}
        options={ZONE_KINDS.map((value) => ({ value, label: say.zones.kinds[value] ?? say.places[value] ?? value }))}
        onChange={(kind) => onChange({ kind })}
      />
      <Choice
        label={say.zones.action}
        value={zone.action}
        options={ZONE_ACTIONS.map((value) => ({ value, label: say.zones.actions[value] }))}
        onChange={(action) => onChange({ action })}
      />
      {zone.action === 'mask' && !prohibited && (
        <Choice
          label={say.zones.mask}
          value={zone.mask ?? 'all'}
          options={ZONE_MASKS.map((value) => ({ value, label: say.zones.masks[value] }))}
          onChange={(mask) => onChange({ mask: mask === 'all' ? undefined : mask })}
        />
      )}
      <Choice
        label={say.zones.style}
        value={zone.style}
        options={ZONE_STYLES.filter((style) => !prohibited || style === 'solid').map((value) => ({
          value,
          label: say.zones.styles[value],
        }))}
        onChange={(style) => onChange({ style })}
      />
      <div className="field">
        <label htmlFor={`${id}-padding`}>{say.zones.padding}</label>
        <input
          id={`${id}-padding`}
          type="number"
          min={0}
          max={256}
          value={zone.padding}
          onChange={({ target }) => onChange({ padding: Math.min(256, Math.max(0, Math.round(Number(target.value)))) })}
        />
      </div>
      {prohibited && <p className="hint">{say.zones.solidOnly}</p>}
      {zone.style !== 'solid' && <p className="hint">{say.zones.reversible}</p>}
    </div>
  );
};
