import { useEffect, useRef, useState } from 'react';
import { ask, askJson } from '../api/ask.js';
import type { Camera, SiteInForce } from '../api/types.js';
import { explainCamera } from '../words/explain.js';
import { useSpeech } from '../words/words.js';
import { hasMediaSource, LivePlayer, type LiveStatus } from './live-player.js';

/** From one snapshot to the next where nothing live can be had, ms. */
const SNAPSHOT_INTERVAL_MS = 1000;

/** A snapshot older than this, ms, is not shown as if it were the present. */
const SNAPSHOT_STALE_MS = 5000;

/** How often the delay of a player is told, ms. */
const DELAY_INTERVAL_MS = 1000;

/** How a browser shows what is live: by Media Source Extensions, by JSMpeg where the gateway has previews, or by a picture a second. */
type Player = 'mse' | 'jsmpeg' | 'snapshots';

/** `?player=jsmpeg` in the page's address: whoever wants to see what an old browser would. */
const prefersPreview = (): boolean => new URLSearchParams(location.search).get('player') === 'jsmpeg';

const withoutMse = async (): Promise<Player> => {
  try {
    return (await askJson<SiteInForce>('/api/v1/site')).preview === 'ready' ? 'jsmpeg' : 'snapshots';
  } catch {
    return 'snapshots';
  }
};

interface PictureProps {
  readonly camera: Camera;
  /** Told how far behind the newest picture the player is, ms; null where it is not known. */
  readonly onDelay?: (ms: number | null) => void;
}

/** A camera's masked stream, live where the browser can, else by JSMpeg or as a picture a second. Nothing is fetched while nobody can see it. */
export const Picture = ({ camera, onDelay }: PictureProps) => {
  const { say } = useSpeech();
  const frame = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const seen = useSeen(frame);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [player, setPlayer] = useState<Player | null>(hasMediaSource() && !prefersPreview() ? 'mse' : null);
  const [status, setStatus] = useState<LiveStatus>('connecting');
  const { id } = camera;

  useEffect(() => {
    if (player === null) void withoutMse().then(setPlayer);
    else if (player === 'mse' && status === 'unsupported') setPlayer(null);
  }, [player, status]);

  useEffect(() => {
    if (!seen || player !== 'jsmpeg') return;
    let [preview, stopped]: [{ close(): void } | null, boolean] = [null, false];
    const begin = async (): Promise<void> => {
      const { PreviewPlayer } = await import('./preview-player.js');
      if (!stopped && canvas.current) preview = new PreviewPlayer(canvas.current, id, { status: setStatus });
    };
    begin().catch(() => setPlayer('snapshots'));
    return () => {
      stopped = true;
      preview?.close();
      setStatus('connecting');
    };
  }, [seen, id, player]);

  useEffect(() => {
    if (!seen || player !== 'mse' || !video.current) return;
    const live = new LivePlayer(video.current, id, { status: setStatus });
    const timer = setInterval(() => {
      const { behind } = live;
      onDelay?.(behind === null ? null : Math.round(behind * 1000));
    }, DELAY_INTERVAL_MS);
    return () => {
      clearInterval(timer);
      live.close();
    };
  }, [seen, id, player, onDelay]);

  const name = camera.state === 'masked' ? say.wall.pictureOf(id) : `${id}: ${explainCamera(camera, say)}`;
  return (
    <div ref={frame} className="picture" data-live={player === 'snapshots' ? 'unsupported' : status}>
      {player === 'snapshots' && <Snapshots id={id} name={name} active={seen} />}
      {player === 'mse' && <video ref={video} muted playsInline disablePictureInPicture aria-label={name} />}
      {player === 'jsmpeg' && <canvas ref={canvas} role="img" aria-label={name} data-stale={status !== 'live'} />}
      {status === 'connecting' && player !== 'snapshots' && <p className="picture-note">{say.wall.connecting}</p>}
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
