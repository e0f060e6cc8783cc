/** What is used of opentype.js, which comes without types. */
declare module 'opentype.js' {
  export interface Font {
    /** 0 where the font has no glyph for it. */
    charToGlyphIndex(character: string): number;
  }
  /** @param font a TrueType or OpenType file */
  export function parse(font: ArrayBuffer): Font;
}
