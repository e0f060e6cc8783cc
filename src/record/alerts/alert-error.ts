import { VeilgateError } from '../../errors.js';

/** `unknown-alert`; `alert-step-refused`: it is in another state; `alert-moved-on`: somebody was faster; `unknown-evidence`. */
export class AlertError extends VeilgateError {}
