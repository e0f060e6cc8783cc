/** Writes zones/site.schema.json and docs/dataset.schema.json from the built schemas: `npm run schema`, after a change of src/config/schema.ts. */
import { writeFileSync } from 'node:fs';
import { siteJsonSchema } from '../dist/config/json-schema.js';
import { manifestJsonSchema } from '../dist/validate/dataset/manifest-schema.js';

writeFileSync(new URL('../zones/site.schema.json', import.meta.url), JSON.stringify(siteJsonSchema(), null, 2));
writeFileSync(new URL('../docs/dataset.schema.json', import.meta.url), JSON.stringify(manifestJsonSchema(), null, 2));
