/** Lets actions have their turns one after the other, whatever becomes of those before. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(action: () => Promise<T> | T): Promise<T> {
    const mine = this.#last.catch(() => undefined).then(action);
    this.#last = mine;
    return mine;
  }
}
