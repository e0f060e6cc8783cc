/** Writes zones/site.schema.json from the built schema: `npm run schema`, after a change of src/config/schema.ts. */
import { writeFileSync } from 'node:fs';
import { siteJsonSchema } from '../dist/config/json-schema.js';

writeFileSync(new URL('../zones/site.schema.json', import.meta.url), JSON.stringify(siteJsonSchema(), null, 2));
