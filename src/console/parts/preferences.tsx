import { useState } from 'react';
import { keepTheme, storedTheme, THEMES } from '../theme.js';
import { LANGUAGES, useSpeech } from '../words/words.js';
import { Choice } from './choice.js';

/** Language and appearance. */
export const Preferences = () => {
  const { language, say, speak } = useSpeech();
  const [theme, setTheme] = useState(storedTheme);
  return (
    <div className="preferences">
      <Choice
        quiet
        label={say.language}
        value={language}
        options={LANGUAGES.map((value) => ({ value, label: say.languages[value] }))}
        onChange={speak}
      />
      <Choice
        quiet
        label={say.theme}
        value={theme}
        options={THEMES.map((value) => ({ value, label: say.themes[value] }))}
        onChange={(next) => {
          keepTheme(next);
          setTheme(next);
        }}
      />
    </div>
  );
};
