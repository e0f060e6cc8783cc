/** A zip as a list of files, both ways; what comes from strangers is read within bounds. */
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import yazl from 'yazl';
import { VeilgateError } from '../../errors.js';

/** Files of an export, by path. */
export type ExportFiles = ReadonlyMap<string, Buffer>;

/** More files than the largest export has. */
const MAX_FILES = 50_000;

/** Bytes that are unpacked at most: a zip may promise more than any memory holds. */
const MAX_BYTES = 1024 ** 3;

/** Packs files. All times in it are `at`, so that equal files make equal zips. */
export const packExport = (files: ExportFiles, at: Date): Promise<Buffer> => {
  const zip = new yazl.ZipFile();
  for (const [path, bytes] of files) {
    zip.addBuffer(bytes, path, { mtime: at, mode: 0o100644, compress: !path.endsWith('.jpg') });
  }
  zip.end();
  return buffer(zip.outputStream);
};

/** Unpacks files. @throws VeilgateError `export-unreadable` */
export const unpackExport = async (zip: Buffer): Promise<ExportFiles> => {
  const files = new Map<string, Buffer>();
  try {
    const opened = await promisify<Buffer, yauzl.Options, yauzl.ZipFile>(yauzl.fromBuffer)(zip, {
      lazyEntries: true,
      strictFileNames: true,
    });
    const open = promisify<yauzl.Entry, NodeJS.ReadableStream>(opened.openReadStream.bind(opened));
    let bytes = 0;
    await new Promise<void>((resolve, reject) => {
      opened.on('error', reject).on('end', resolve);
      opened.on('entry', (entry: yauzl.Entry) => {
        bytes += entry.uncompressedSize;
        if (files.size >= MAX_FILES || bytes > MAX_BYTES) return reject(new Error('it holds more than any export'));
        if (files.has(entry.fileName)) return reject(new Error(`it holds ${entry.fileName} twice`));
        open(entry)
          .then(buffer)
          .then((content) => {
            files.set(entry.fileName, content);
            opened.readEntry();
          }, reject);
      });
      opened.readEntry();
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new VeilgateError('export-unreadable', `This is no export that can be read: ${why}.`, { cause });
  }
  return files;
};
