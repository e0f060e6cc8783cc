import { always, bareItem, type Item, kindOf, type Timed } from './item.js';
import type { ManifestItem } from './manifest-schema.js';

/** From the manifest's way of saying to ours. The file's kind must be known already. */
export function itemOf(said: ManifestItem): Item {
  const timed = <T>({ from, to }: { from: number; to?: number | undefined }, value: T): Timed<T> => ({
    value,
    from,
    to: to ?? null,
  });
  const { file, size, place, sign } = said;
  return {
    ...bareItem(file, kindOf(file)!),
    tags: Object.fromEntries(Object.entries(said.tags).map(([name, value]) => [name, String(value)])),
    size: size ? { width: size[0], height: size[1] } : null,
    place:
      place === undefined
        ? []
        : typeof place === 'string'
          ? [always(place)]
          : place.map((span) => timed(span, span.label)),
    view: said.view?.map((span) => timed(span, span.state)) ?? null,
    people: said.people?.map((span) => timed(span, span.zone)) ?? null,
    sign:
      sign === undefined ? [] : typeof sign === 'string' ? [always(sign)] : sign.map((span) => timed(span, span.state)),
    signWords: said.signWords,
    masks: said.masks.map((span) => timed(span, span.polygon)),
    zones: said.zones ?? null,
    objects:
      said.objects?.map(({ label, box, frame, ignore }) => ({ label, box, frame: frame ?? null, ignore })) ?? null,
  };
}
