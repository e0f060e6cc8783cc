import { VeilgateError } from '../../errors.js';

/** What accounts, approvals and inspections refuse, by code; the HTTP side has a status for each. */
export class PeopleError extends VeilgateError {}
