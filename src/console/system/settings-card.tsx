import { useEffect, useState } from 'react';
import { askJson } from '../api/ask.js';
import type { Settings } from '../api/types.js';
import { WideTable } from '../parts/wide-table.js';
import { useSpeech } from '../words/words.js';

/** What the site file says, each value with its line. */
export const SettingsCard = () => {
  const { say } = useSpeech();
  const [known, setKnown] = useState<Settings | null>(null);
  useEffect(() => {
    askJson<Settings>('/api/v1/site/settings').then(setKnown, () => undefined);
  }, []);
  const file = known?.file.split('/').at(-1);
  return (
    <section className="card wide" aria-labelledby="settings-title">
      <h2 id="settings-title">{say.system.settings}</h2>
      <p className="hint">
        {say.system.settingsNote} <code>{known?.file}</code>
      </p>
      <WideTable label={say.system.settings} columns={[say.system.setting, say.system.value, say.system.source]}>
        {known?.settings.map(({ path, value, line }) => (
          <tr key={`${path}:${line}`}>
            <th scope="row">
              <code>{path}</code>
            </th>
            <td>
              <code>{value}</code>
            </td>
            <td className="brief">
              <code>{`${file}:${line}`}</code>
            </td>
          </tr>
        ))}
      </WideTable>
    </section>
  );
};
