import { useEffect, useRef, useState } from 'react';
import { ask } from '../api/ask.js';
import type { Camera } from '../api/types.js';
import { explainCamera } from '../words/explain.js';
import { useSpeech } from '../words/words.js';
import { hasMediaSource, LivePlayer, type LiveStatus } from './live-player.js';

/** From one snapshot to the next where nothing live can be had, ms. */
const SNAPSHOT_INTERVAL_MS = 1000;

/** A snapshot older than this, ms, is not shown as if it were the present. */
const SNAPSHOT_STALE_MS = 5000;

/** How often the delay of a player is told, ms. */
const DELAY_INTERVAL_MS = 1000;

interface PictureProps {
  readonly camera: Camera;
  /** Told how far behind the newest picture the player is, ms; null where it is not known. */
  readonly onDelay?: (ms: number | null) => void;
}

/** A camera's masked stream, live where the browser can, else a picture a second. Nothing is fetched while nobody can see it. */
export const Picture = ({ camera, onDelay }: PictureProps) => {
  const { say } = useSpeech();
  const frame = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const seen = useSeen(frame);
  const [status, setStatus] = useState<LiveStatus>(hasMediaSource() ? 'connecting' : 'unsupported');
  const { id } = camera;
  const playable = status !== 'unsupported';

  useEffect(() => {
    if (!seen || !playable || !video.current) return;
    const player = new LivePlayer(video.current, id, { status: setStatus });
    const timer = setInterval(() => {
      const { behind } = player;
      onDelay?.(behind === null ? null : Math.round(behind * 1000));
    }, DELAY_INTERVAL_MS);
    return () => {
      clearInterval(timer);
      player.close();
    };
  }, [seen, id, playable, onDelay]);

  const name = camera.state === 'masked' ? say.wall.pictureOf(id) : `${id}: ${explainCamera(camera, say)}`;
  return (
    <div ref={frame} className="picture" data-live={status}>
      {status === 'unsupported' ? (
        <Snapshots id={id} name={name} active={seen} />
      ) : (
        <video ref={video} muted playsInline disablePictureInPicture aria-label={name} />
      )}
      {status === 'connecting' && <p className="picture-note">{say.wall.connecting}</p>}
    </div>
  );
};

/** A picture a second. */
const Snapshots = ({ id, name, active }: { readonly id: string; readonly name: string; readonly active: boolean }) => {
  const { say } = useSpeech();
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!active) return;
    let [shownAt, stopped] = [performance.now(), false];
    const show = (blob: Blob | null): void =>
      setAddress((before) => {
        if (before) URL.revokeObjectURL(before);
        return blob && URL.createObjectURL(blob);
      });
    const turn = async (): Promise<void> => {
      try {
        const blob = await (await ask(`/api/v1/cameras/${encodeURIComponent(id)}/snapshot.jpg`)).blob();
        if (stopped) return;
        show(blob);
        shownAt = performance.now();
      } catch {
        if (!stopped && performance.now() - shownAt > SNAPSHOT_STALE_MS) show(null);
      }
    };
    void turn();
    const timer = setInterval(turn, SNAPSHOT_INTERVAL_MS);
    return () => {
      stopped = true;
      clearInterval(timer);
      show(null);
    };
  }, [id, active]);
  return address ? <img src={address} alt={name} /> : <p className="picture-note">{say.wall.noPicture}</p>;
};

/** Whether an element is on the screen, of a page that is looked at. */
const useSeen = (element: React.RefObject<HTMLElement | null>): boolean => {
  const [inView, setInView] = useState(false);
  const [hidden, setHidden] = useState(document.hidden);
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => setInView(entries.at(-1)!.isIntersecting));
    observer.observe(element.current!);
    const looked = () => setHidden(document.hidden);
    document.addEventListener('visibilitychange', looked);
    return () => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', looked);
    };
  }, [element]);
  return inView && !hidden;
};
