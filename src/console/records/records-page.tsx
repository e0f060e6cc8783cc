import { useSpeech } from '../words/words.js';
import { ExportsCard } from './exports-card.js';
import { InspectionsCard } from './inspections-card.js';

/** Who looked at the records, and what left the gateway (Regulation, Art. 27, 28). */
export const RecordsPage = () => {
  const { say } = useSpeech();
  return (
    <>
      <div className="page-head">
        <h1>{say.pages.records}</h1>
        <p className="summary">{say.records.summary}</p>
      </div>
      <InspectionsCard />
      <ExportsCard />
    </>
  );
};
