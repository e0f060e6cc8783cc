/**
 * What RTP/JPEG leaves out of a JPEG because both sides know it: the quantisation and Huffman tables of ITU-T T.81, annex K, as
 * RFC 2435, appendices A and B prescribe them.
 */

/** Bytes of an 8-bit quantisation table. */
export const QUANTISER_BYTES = 64;

/** T.81, table K.1 (luma) and K.2 (chroma), in zigzag order. */
const LUMA_QUANTISER = Buffer.from(
  '100b0c0e0c0a100e0d0e1211101318281a181616183123251d283a333d3c3933' +
    '383740485c4e404457453738506d51575f626768673e4d71797064785c656763',
  'hex',
);
const CHROMA_QUANTISER = Buffer.from(
  '1112121815182f1a1a2f63423842636363636363636363636363636363636363' +
    '6363636363636363636363636363636363636363636363636363636363636363',
  'hex',
);

/** T.81, tables K.3 to K.6, as complete DHT segments: luma DC and AC, chroma DC and AC. */
export const HUFFMAN_SEGMENTS = Buffer.from(
  'ffc4001f0000010501010101010100000000000000000102030405060708090a0b' +
    'ffc400b5100002010303020403050504040000017d010203000411051221314106' +
    '13516107227114328191a1082342b1c11552d1f02433627282090a161718191a25' +
    '262728292a3435363738393a434445464748494a535455565758595a6364656667' +
    '68696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6' +
    'a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2' +
    'e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa' +
    'ffc4001f0100030101010101010101010000000000000102030405060708090a0b' +
    'ffc400b51100020102040403040705040400010277000102031104052131061241' +
    '510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718' +
    '191a262728292a35363738393a434445464748494a535455565758595a63646566' +
    '6768696a737475767778797a82838485868788898a92939495969798999aa2a3a4' +
    'a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9da' +
    'e2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa',
  'hex',
);

/**
 * The luma and the chroma table of a quality from 1 to 99, 64 bytes each, one behind the other (RFC 2435, 4.2): the tables of annex K
 * scaled by 5000/q percent below 50, by 200 - 2q from there.
 */
export const quantisersOfQuality = (quality: number): Buffer => {
  const q = Math.min(Math.max(quality, 1), 99);
  const percent = q < 50 ? Math.floor(5000 / q) : 200 - 2 * q;
  const tables = Buffer.concat([LUMA_QUANTISER, CHROMA_QUANTISER]);
  for (let i = 0; i < tables.length; i++) {
    tables[i] = Math.min(Math.max(Math.floor((tables[i]! * percent + 50) / 100), 1), 255);
  }
  return tables;
};
