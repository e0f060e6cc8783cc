import { VeilgateError } from '../errors.js';

/** What can be wrong with a model. */
export type ModelErrorCode =
  | 'model-missing'
  | 'model-fetch'
  | 'model-card'
  | 'model-hash'
  | 'model-unreadable'
  | 'model-shape'
  | 'model-labels'
  | 'model-weights'
  | 'model-output';

/** A model cannot be used, or gave what cannot be. */
export class ModelError extends VeilgateError {
  constructor(
    override readonly code: ModelErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(code, message, options);
  }
}

/** A picture cannot be read. */
export class PictureError extends VeilgateError {
  constructor(message: string, options?: ErrorOptions) {
    super('picture-unreadable', message, options);
  }
}
