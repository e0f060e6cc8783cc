import { useEffect, useState } from 'react';
import { ask } from '../api/ask.js';

interface KeptPictureProps {
  /** Where it is; another one is another picture. */
  readonly path: string;
  readonly alt: string;
  /** Shown where there is none. */
  readonly missing: string;
}

/** A masked picture that the gateway keeps, fetched with the token: no address of it could be opened elsewhere. */
export const KeptPicture = ({ path, alt, missing }: KeptPictureProps) => {
  const [address, setAddress] = useState<string | null>(null);
  const [isMissing, setMissing] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    let made: string | null = null;
    ask(path, { signal: stop.signal })
      .then((response) => response.blob())
      .then(
        (blob) => {
          if (stop.signal.aborted) return;
          made = URL.createObjectURL(blob);
          setMissing(false);
          setAddress(made);
        },
        () => stop.signal.aborted || setMissing(true),
      );
    return () => {
      stop.abort();
      setAddress(null);
      if (made) URL.revokeObjectURL(made);
    };
  }, [path]);
  return (
    <div className="picture">
      {address && <img src={address} alt={alt} />}
      {isMissing && <p className="picture-note">{missing}</p>}
    </div>
  );
};
