import { UniformView } from './uniform-view.js';
import { ViewReference } from './view-reference.js';

/** What is kept of an accepted view. */
export type GuardedView = ViewReference | UniformView;

/** @param text as its `toString` made it. Throws ViewError `view-reference-unreadable`. */
export const parseView = (text: string): GuardedView => UniformView.parse(text) ?? ViewReference.parse(text);
