import { type FormEvent, useState } from 'react';
import { askJson } from '../api/ask.js';
import type { OfferedStreams, OnvifDevices } from '../api/types.js';
import { Notice } from '../parts/notice.js';
import { explainError } from '../words/explain.js';
import { useSpeech } from '../words/words.js';
import { slugOf, withCredentials } from './source-address.js';

type Device = OnvifDevices['devices'][number];
type Stream = OfferedStreams['streams'][number];

interface DiscoveryCardProps {
  /** Told which stream of which camera is wanted. */
  readonly onPick: (picked: { readonly id: string; readonly source: string }) => void;
}

/** Looks for ONVIF cameras in the gateway's networks, and asks one of them for its streams. */
export const DiscoveryCard = ({ onPick }: DiscoveryCardProps) => {
  const { say } = useSpeech();
  const [devices, setDevices] = useState<readonly Device[] | null>(null);
  const [device, setDevice] = useState<Device | null>(null);
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [streams, setStreams] = useState<readonly Stream[]>([]);
  const [busy, setBusy] = useState(false);
  const [complaint, setComplaint] = useState('');
  const attempt = async (what: () => Promise<void>): Promise<void> => {
    setBusy(true);
    try {
      await what();
      setComplaint('');
    } catch (error) {
      setComplaint(explainError(error, say));
    }
    setBusy(false);
  };
  const discover = () =>
    attempt(async () => {
      choose(null);
      setDevices((await askJson<OnvifDevices>('/api/v1/onvif/discovery', { method: 'POST' })).devices);
    });
  const choose = (next: Device | null): void => {
    setDevice(next);
    setStreams([]);
  };
  const question = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const body = { service: device!.service, user, password };
    await attempt(async () => {
      const offered = await askJson<OfferedStreams>('/api/v1/onvif/streams', {
        method: 'POST',
        body,
        timeoutMs: 10_000,
      });
      setStreams(offered.streams);
    });
  };
  return (
    <section className="card add-camera" aria-labelledby="discovery-title">
      <h2 id="discovery-title">{say.addCamera.discovery}</h2>
      <p className="hint">{say.addCamera.discoveryHint}</p>
      <button type="button" className="quiet" disabled={busy} onClick={discover}>
        {busy && device === null ? say.addCamera.searching : say.addCamera.search}
      </button>
      {complaint && (
        <Notice tone="bad" role="alert">
          {complaint}
        </Notice>
      )}
      {devices !== null && (
        <p role="status" className="hint">
          {say.addCamera.foundDevices(devices.length)}
        </p>
      )}
      <ul className="choices">
        {devices?.map((found) => (
          <li key={found.service}>
            <button
              type="button"
              className="quiet"
              aria-pressed={found.service === device?.service}
              onClick={() => choose(found)}
            >
              <b>{found.name || new URL(found.service).host}</b>
              <span className="hint">
                {[found.hardware, new URL(found.service).host].filter(Boolean).join(say.listGap)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {device && (
        <form className="stacked" onSubmit={question}>
          <label htmlFor="onvif-user">{say.addCamera.user}</label>
          <input
            id="onvif-user"
            value={user}
            autoComplete="off"
            spellCheck={false}
            autoCapitalize="off"
            onChange={({ target }) => setUser(target.value)}
          />
          <label htmlFor="onvif-password">{say.addCamera.password}</label>
          <input
            id="onvif-password"
            type="password"
            value={password}
            autoComplete="off"
            onChange={({ target }) => setPassword(target.value)}
          />
          <div className="actions">
            <button type="submit" disabled={busy}>
              {busy ? say.addCamera.asking : say.addCamera.ask}
            </button>
          </div>
        </form>
      )}
      <ul className="choices">
        {streams.map((stream) => (
          <li key={stream.url}>
            <button
              type="button"
              className="quiet"
              onClick={() => onPick({ id: slugOf(device!.name), source: withCredentials(stream.url, user, password) })}
            >
              <b>{stream.name}</b>
              <span className="hint">
                {[
                  stream.codec,
                  stream.width && stream.height ? `${stream.width} × ${stream.height}` : null,
                  stream.fps ? `${stream.fps} ${say.wall.fps}` : null,
                ]
                  .filter(Boolean)
                  .join(say.listGap)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
};
