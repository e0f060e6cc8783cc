import { useRef, useState } from 'react';
import type { Zone } from '../../zones/zone.js';
import { Icon } from '../parts/icon.js';
import { useSpeech } from '../words/words.js';
import type { Format } from './exchange.js';

const FILES: Readonly<Record<Format, readonly [ending: string, type: string]>> = {
  veilgate: ['zones.yaml', 'application/yaml'],
  frigate: ['frigate.yaml', 'application/yaml'],
  onvif: ['onvif.xml', 'application/xml'],
};

interface ExchangeCardProps {
  readonly camera: string;
  readonly zones: readonly Zone[];
  readonly onImport: (zones: readonly Zone[]) => void;
}

/** Zones from and for other programs. What reads and writes them is fetched when it is needed. */
export const ExchangeCard = ({ camera, zones, onImport }: ExchangeCardProps) => {
  const { say } = useSpeech();
  const [complaint, setComplaint] = useState('');
  const file = useRef<HTMLInputElement>(null);

  const save = async (format: Format): Promise<void> => {
    const { exportZones } = await import('./exchange.js');
    const [ending, type] = FILES[format];
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([exportZones(zones, camera, format)], { type }));
    link.download = `${camera}.${ending}`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const load = async (chosen: File | undefined): Promise<void> => {
    if (!chosen) return;
    const { ExchangeError, importZones } = await import('./exchange.js');
    try {
      onImport(importZones(await chosen.text()));
      setComplaint('');
    } catch (error) {
      setComplaint(say.zones.importFailed[error instanceof ExchangeError ? error.code : 'unreadable']);
    }
    if (file.current) file.current.value = '';
  };

  return (
    <section className="card" aria-labelledby="exchange-title">
      <h2 id="exchange-title">{say.zones.exchange}</h2>
      <p className="actions">
        {(Object.keys(FILES) as Format[]).map((format) => (
          <button key={format} type="button" className="quiet small" onClick={() => save(format)}>
            {say.zones.export}: {say.zones.formats[format]}
          </button>
        ))}
        <button type="button" className="quiet small" onClick={() => file.current?.click()}>
          <Icon name="plus" size={15} /> {say.zones.import}
        </button>
      </p>
      <input
        ref={file}
        type="file"
        hidden
        accept=".yaml,.yml,.xml,.json"
        aria-label={say.zones.import}
        onChange={({ target }) => load(target.files?.[0])}
      />
      <p role="alert" className="complaint">
        {complaint}
      </p>
    </section>
  );
};
