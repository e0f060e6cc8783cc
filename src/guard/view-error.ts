import { VeilgateError } from '../errors.js';

/** `view-reference-unreadable`: what was kept of a view is not one. */
export class ViewError extends VeilgateError {}
