import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useMay } from '../api/me.js';
import { useSite } from '../api/use-site.js';
import { Dialog } from '../parts/dialog.js';
import { Icon } from '../parts/icon.js';
import { Notice } from '../parts/notice.js';
import { ReasonField } from '../parts/reason-field.js';
import { useAttempt } from '../parts/use-attempt.js';
import { useNow } from '../parts/use-now.js';
import { useSpeech } from '../words/words.js';
import type { Ground } from './use-ground.js';

/** Buttons that put another picture under the zones, for who may. */
export const GroundTools = ({ ground }: { readonly ground: Ground }) => {
  const { say } = useSpeech();
  const { value: site } = useSite();
  const mayConfigure = useMay('configure');
  const mayCommission = useMay('commission') && site?.commissioning === true;
  const [asking, setAsking] = useState(false);
  if (!mayConfigure) return null;
  return (
    <>
      <button
        type="button"
        className="quiet"
        aria-pressed={ground.kind === 'coarse'}
        onClick={() => ground.coarse(ground.kind !== 'coarse')}
      >
        {say.zones.coarse}
      </button>
      {mayCommission && (
        <button type="button" className="quiet" disabled={ground.kind === 'raw'} onClick={() => setAsking(true)}>
          <Icon name="warning" size={17} /> {say.zones.commission}
        </button>
      )}
      {asking && <CommissionDialog ground={ground} onClose={() => setAsking(false)} />}
    </>
  );
};

/** What lies under the zones: over the live masked picture, which plays on. */
export const GroundPicture = ({ camera, ground }: { readonly camera: string; readonly ground: Ground }) => {
  const { say } = useSpeech();
  if (ground.kind === null || ground.address === null) return null;
  const alt = ground.kind === 'raw' ? say.zones.rawOf(camera) : say.zones.coarseOf(camera);
  return <img className="ground" src={ground.address} alt={alt} />;
};

/** Says what is seen, and for how long, as long as a raw picture is. */
export const GroundBanner = ({ ground }: { readonly ground: Ground }) => {
  if (ground.kind === 'raw') return <RawBanner ground={ground} />;
  return ground.complaint ? <Notice tone="warn">{ground.complaint}</Notice> : null;
};

const RawBanner = ({ ground }: { readonly ground: Ground }) => {
  const { say, format } = useSpeech();
  const left = ground.until - useNow();
  const close = (): void => {
    ground.closeRaw();
    focusCanvas();
  };
  return (
    <section className="raw-banner" aria-label={say.zones.commissionTitle}>
      <strong role="status">{say.zones.rawNotice}</strong>
      <span className="raw-left">{say.zones.rawLeft(format.span(Math.max(0, left)))}</span>
      <button type="button" onClick={close}>
        {say.zones.rawClose}
      </button>
    </section>
  );
};

/** Asks why the raw picture is needed. */
const CommissionDialog = ({ ground, onClose }: { readonly ground: Ground; readonly onClose: () => void }) => {
  const { say } = useSpeech();
  const { busy, complaint, attempt } = useAttempt();
  const [reason, setReason] = useState('');
  const opened = useRef(false);
  // Nothing behind a modal window takes focus before it is gone.
  useEffect(
    () => () => {
      if (opened.current) focusCanvas();
    },
    [],
  );
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    opened.current = await attempt(() => ground.openRaw(reason.trim()));
    if (opened.current) onClose();
  };
  return (
    <Dialog title={say.zones.commissionTitle} onClose={onClose}>
      <form className="stacked" onSubmit={submit}>
        <p>{say.zones.commissionHint}</p>
        <ReasonField label={say.zones.commissionReason} value={reason} onChange={setReason} />
        {complaint && <Notice tone="bad">{complaint}</Notice>}
        <div className="actions">
          <button type="submit" className="danger" disabled={busy}>
            {say.zones.commissionOpen}
          </button>
          <button type="button" className="quiet" onClick={onClose}>
            {say.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
};

/** Where the work goes on. */
const focusCanvas = (): void => document.querySelector<SVGElement>('.zone-canvas')?.focus();
