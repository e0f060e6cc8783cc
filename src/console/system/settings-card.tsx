import { useEffect, useState } from 'react';
import { askJson } from '../api/ask.js';
import type { Settings } from '../api/types.js';
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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the page is scrolled by keys too */}
      <section className="scroll" tabIndex={0} aria-label={say.system.settings}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say.system.setting}</th>
              <th scope="col">{say.system.value}</th>
              <th scope="col">{say.system.source}</th>
            </tr>
          </thead>
          <tbody>
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
          </tbody>
        </table>
      </section>
    </section>
  );
};
