/** What a line says. */
export interface ReadLine {
  readonly characters: readonly ReadCharacter[];
  readonly text: string;
  /** Mean probability of its characters, 0 to 1; 0 where there are none. */
  readonly score: number;
}

export interface ReadCharacter {
  readonly text: string;
  readonly probability: number;
  /** Where along the line, 0 to 1. */
  readonly at: number;
}

/**
 * The likeliest text of a recogniser's output (connectionist temporal classification: class 0 is "nothing", repeats are one).
 * @param output `[steps, classes]` probabilities @param alphabet of classes 1 and up
 * @param shown share of the steps that show the line; what follows is padding
 */
export function decodeLine(output: Float32Array, classes: number, alphabet: readonly string[], shown = 1): ReadLine {
  const steps = output.length / classes;
  const characters: { text: string; probability: number; at: number }[] = [];
  let last = 0;
  let text = '';
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    const from = step * classes;
    let best = 0;
    let probability = output[from]!;
    for (let i = 1; i < classes; i++) {
      const value = output[from + i]!;
      if (value > probability) {
        best = i;
        probability = value;
      }
    }
    if (best !== 0 && best !== last) {
      const character = alphabet[best - 1] ?? '';
      text += character;
      sum += probability;
      characters.push({ text: character, probability, at: Math.min(1, (step + 0.5) / (steps * shown)) });
    }
    last = best;
  }
  return { characters, text, score: characters.length === 0 ? 0 : sum / characters.length };
}
