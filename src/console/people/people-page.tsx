import { useSpeech } from '../words/words.js';
import { AccountsCard } from './accounts-card.js';
import { TokensCard } from './tokens-card.js';

/** Who may do what: people's accounts and programs' tokens. */
export const PeoplePage = () => {
  const { say } = useSpeech();
  return (
    <>
      <div className="page-head">
        <h1>{say.pages.people}</h1>
        <p className="summary">{say.people.summary}</p>
      </div>
      <AccountsCard />
      <TokensCard />
    </>
  );
};
