import type { PeopleTables } from '../people/people-tables.js';
import type { AlertTables } from './alert-tables.js';

/**
 * Every table of the store. What a part of the record keeps is declared beside it and joined here; what creates it is a migration.
 * Times are milliseconds since 1970 UTC, flags 0 or 1, structures JSON in text: both databases know these.
 */
export interface Tables extends AlertTables, PeopleTables {}
