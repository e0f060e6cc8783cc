import { type KeyboardEvent, useEffect, useMemo, useState } from 'react';
import { area } from '../../masking/polygon.js';
import { masksLess, type ZoneLoss } from '../../zones/coverage.js';
import type { Point, Zone } from '../../zones/zone.js';
import { ask, askJson } from '../api/ask.js';
import { useCameras } from '../api/cameras.js';
import { useMay } from '../api/me.js';
import type { Camera, CameraZones, ZoneRevision } from '../api/types.js';
import { Choice } from '../parts/choice.js';
import { Dialog } from '../parts/dialog.js';
import { Icon } from '../parts/icon.js';
import { Notice } from '../parts/notice.js';
import { StateBadge } from '../parts/state-badge.js';
import { goTo } from '../route.js';
import { NoCameras } from '../wall/no-cameras.js';
import { Picture } from '../wall/picture.js';
import { explainError, explainLoss } from '../words/explain.js';
import { useSpeech } from '../words/words.js';
import {
  addZone,
  amend,
  begin,
  changeZone,
  coverageOf,
  type Drawing,
  type History,
  problemsOf,
  redo,
  removeCorner,
  removeZone,
  splitZone,
  step,
  undo,
} from './drawing.js';
import { ExchangeCard } from './exchange-card.js';
import { GroundBanner, GroundPicture, GroundTools } from './ground-tools.js';
import { Revisions } from './revisions.js';
import { useGround } from './use-ground.js';
import { type Pick, ZoneCanvas } from './zone-canvas.js';
import { ZoneFields } from './zone-fields.js';

/** What a picture is taken to be before the camera was reached. */
const UNKNOWN_SIZE = { width: 1280, height: 720 };

/** A rectangle to begin with, in the middle. */
const RECTANGLE: readonly Point[] = [
  [0.4, 0.35],
  [0.6, 0.35],
  [0.6, 0.65],
  [0.4, 0.65],
];

/** The zones of one camera: drawn on its picture, checked while they are drawn, put in force on a person's word. */
export const ZonesPage = ({ id }: { readonly id: string | null }) => {
  const { say } = useSpeech();
  const { value: cameras } = useCameras();
  const camera = cameras?.find((other) => other.id === (id ?? cameras[0]?.id));
  return (
    <>
      <div className="page-head">
        <h1>{say.pages.zones}</h1>
        {cameras && camera && (
          <Choice
            label={say.zones.choose}
            value={camera.id}
            options={cameras.map((other) => ({ value: other.id, label: other.id }))}
            onChange={(next) => goTo('zones', next)}
          />
        )}
        {camera && <StateBadge state={camera.state} />}
        <p className="summary">{say.zones.hint}</p>
      </div>
      {cameras === null && <p className="loading">{say.loading}</p>}
      {cameras?.length === 0 && <NoCameras />}
      {cameras !== null && cameras.length > 0 && !camera && <Notice tone="warn">{say.errors['unknown-camera']}</Notice>}
      {camera && <ZoneEditor key={camera.id} camera={camera} />}
    </>
  );
};

const ZoneEditor = ({ camera }: { readonly camera: Camera }) => {
  const { say } = useSpeech();
  const [inForce, setInForce] = useState<Drawing | null>(null);
  const [complaint, setComplaint] = useState('');
  const path = `/api/v1/cameras/${encodeURIComponent(camera.id)}/zones`;
  useEffect(() => {
    const stop = new AbortController();
    askJson<CameraZones>(path, { signal: stop.signal }).then(
      ({ inForce: zones }) => setInForce(zones ?? { zones: [], unmasked: null }),
      (error: unknown) => stop.signal.aborted || setComplaint(explainError(error, say)),
    );
    return () => stop.abort();
  }, [path, say]);
  if (complaint) return <Notice tone="bad">{complaint}</Notice>;
  if (!inForce) return <p className="loading">{say.loading}</p>;
  return <Editor camera={camera} path={path} inForce={inForce} onInForce={setInForce} />;
};

interface EditorProps {
  readonly camera: Camera;
  readonly path: string;
  readonly inForce: Drawing;
  readonly onInForce: (drawing: Drawing) => void;
}

const Editor = ({ camera, path, inForce, onInForce }: EditorProps) => {
  const { say, format } = useSpeech();
  const { refresh } = useCameras();
  const mayConfigure = useMay('configure');
  const [history, setHistory] = useState<History>(() => begin(inForce));
  const [pick, setPick] = useState<Pick | null>(null);
  const [outline, setOutline] = useState<readonly Point[] | null>(null);
  const [preview, setPreview] = useState(false);
  const [compared, setCompared] = useState<ZoneRevision | null>(null);
  const [asking, setAsking] = useState<readonly ZoneLoss[] | null>(null);
  const [said, setSaid] = useState<{ readonly tone: 'good' | 'bad'; readonly text: string } | null>(null);
  const ground = useGround(camera.id);
  const { present } = history;
  const problems = useMemo(() => problemsOf(present), [present]);
  const coverage = useMemo(() => coverageOf(present), [present]);
  const changed = !sameDrawing(present, inForce);
  const selected = pick === null ? undefined : present.zones[pick.zone];

  const change = (next: Drawing, goesOn = false): void =>
    setHistory((before) => (goesOn ? amend(before, next) : step(before, next)));
  const addRectangle = (): void => {
    change(addZone(present, RECTANGLE));
    setPick({ zone: present.zones.length, corner: null });
  };
  const apply = async (): Promise<void> => {
    setAsking(null);
    try {
      const { zones, unmasked } = present;
      const revision = await askJson<ZoneRevision>(path, {
        method: 'PUT',
        body: { zones, ...(zones.length === 0 && unmasked !== null ? { unmasked } : {}) },
      });
      const accepted = { zones: revision.zones, unmasked: revision.unmasked };
      onInForce(accepted);
      setHistory((before) => amend(before, accepted));
      setSaid({ tone: 'good', text: say.zones.saved(revision.revision) });
      refresh();
    } catch (error) {
      setSaid({ tone: 'bad', text: explainError(error, say) });
    }
  };
  const put = (): void => {
    const losses = masksLess(inForce.zones, present.zones);
    if (losses.length === 0) void apply();
    else setAsking(losses);
  };
  const acceptView = async (): Promise<void> => {
    try {
      await ask(`${path}/accept`, { method: 'POST' });
      setSaid({ tone: 'good', text: say.zones.viewAccepted });
      refresh();
    } catch (error) {
      setSaid({ tone: 'bad', text: explainError(error, say) });
    }
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
    const key = event.key.toLowerCase();
    const command = event.ctrlKey || event.metaKey;
    if (command && key === 'z') setHistory(event.shiftKey ? redo : undo);
    else if (command && key === 'y') setHistory(redo);
    else if (command || event.altKey) return;
    else if (key === 'd') startDrawing();
    else if (key === 'r') addRectangle();
    else return;
    event.preventDefault();
  };
  const startDrawing = (): void => {
    setPick(null);
    setOutline([]);
    document.querySelector<SVGElement>('.zone-canvas')?.focus();
  };
  const removePicked = (): void => {
    if (!pick) return;
    change(pick.corner === null ? removeZone(present, pick.zone) : removeCorner(present, pick.zone, pick.corner));
    setPick(pick.corner === null ? null : { ...pick, corner: null });
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its keys are shortcuts of buttons within
    <div className="zone-editor" onKeyDown={keys}>
      <div className="zone-stage">
        <div className="toolbar" role="toolbar" aria-label={say.pages.zones}>
          <button type="button" className="quiet" aria-pressed={outline !== null} onClick={startDrawing}>
            <Icon name="zones" size={17} /> {say.zones.draw}
          </button>
          <button type="button" className="quiet" onClick={addRectangle}>
            <Icon name="plus" size={17} /> {say.zones.rectangle}
          </button>
          <button
            type="button"
            className="quiet"
            disabled={!selected}
            onClick={() => pick && change(splitZone(present, pick.zone, pick.corner ?? 0))}
          >
            <Icon name="split" size={17} /> {say.zones.split}
          </button>
          <button type="button" className="quiet" disabled={!selected} onClick={removePicked}>
            <Icon name="trash" size={17} /> {say.zones.remove}
          </button>
          <span className="gap" />
          <button type="button" className="quiet" disabled={history.past.length === 0} onClick={() => setHistory(undo)}>
            <Icon name="undo" size={17} /> {say.zones.undo}
          </button>
          <button
            type="button"
            className="quiet"
            disabled={history.future.length === 0}
            onClick={() => setHistory(redo)}
          >
            <Icon name="redo" size={17} /> {say.zones.redo}
          </button>
          <label className="check">
            <input type="checkbox" checked={preview} onChange={({ target }) => setPreview(target.checked)} />
            {say.zones.preview}
          </label>
          <GroundTools ground={ground} />
        </div>
        <GroundBanner ground={ground} />
        <div className="zone-picture" data-ground={ground.kind ?? undefined}>
          <Picture camera={camera} />
          <GroundPicture camera={camera.id} ground={ground} />
          <ZoneCanvas
            drawing={present}
            size={camera.source ?? UNKNOWN_SIZE}
            pick={pick}
            onPick={setPick}
            onChange={change}
            outline={outline}
            onOutline={setOutline}
            problems={problems}
            before={inForce.zones}
            compared={compared?.zones ?? null}
            preview={preview}
          />
        </div>
        <p className="hint">{outline === null ? say.zones.keys : say.zones.drawing}</p>
        <div className="zone-verdict" aria-live="polite">
          <dl className="tile-numbers">
            <div>
              <dt>{say.zones.covered}</dt>
              <dd>{coverage ? format.percent(coverage.covered) : say.unknown}</dd>
            </div>
            <div>
              <dt>{say.zones.overlap}</dt>
              <dd>{coverage ? format.percent(coverage.overlap) : say.unknown}</dd>
            </div>
          </dl>
          {problems.length > 0 && (
            <Notice tone="bad">
              <ul>
                {problems.map(({ kind, zone }) => (
                  <li key={`${kind}-${zone}`}>
                    {zone === null ? '' : `${present.zones[zone]!.id}${say.clauseGap}`}
                    {say.zones.problems[kind]}
                  </li>
                ))}
              </ul>
            </Notice>
          )}
          {said && <Notice tone={said.tone}>{said.text}</Notice>}
        </div>
      </div>
      <div className="zone-side">
        <section className="card" aria-labelledby="zone-list-title">
          <h2 id="zone-list-title">{say.zones.list}</h2>
          {present.zones.length === 0 ? (
            <Unmasked drawing={present} onChange={(next) => change(next, true)} />
          ) : (
            <ul className="zone-list">
              {present.zones.map((zone, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: its name may be edited
                <li key={index} data-picked={pick?.zone === index || undefined}>
                  <button
                    type="button"
                    className="zone-name"
                    aria-expanded={pick?.zone === index}
                    onClick={() => setPick(pick?.zone === index ? null : { zone: index, corner: null })}
                  >
                    <b>{zone.id}</b>
                    <span>
                      {say.zones.kinds[zone.kind] ?? say.places[zone.kind]}
                      {say.listGap}
                      {format.percent(area(zone.polygon))}
                      {say.listGap}
                      {say.zones.corners(zone.polygon.length)}
                    </span>
                  </button>
                  {pick?.zone === index && (
                    <ZoneFields zone={zone} onChange={(fields) => change(changeZone(present, index, fields))} />
                  )}
                </li>
              ))}
            </ul>
          )}
          <div className="actions">
            {mayConfigure && (
              <button type="button" disabled={!changed || problems.length > 0} onClick={put}>
                <Icon name="check" size={17} /> {say.zones.apply}
              </button>
            )}
            <button type="button" className="quiet" disabled={!changed} onClick={() => change(inForce)}>
              {say.zones.discard}
            </button>
          </div>
          {!changed && <p className="hint">{say.zones.unchanged}</p>}
        </section>
        <section className="card" aria-labelledby="view-title">
          <h2 id="view-title">{say.zones.view}</h2>
          <p className="hint">{say.zones.viewHint}</p>
          {mayConfigure && (
            <div className="actions">
              <button type="button" className="quiet" onClick={acceptView}>
                {say.zones.viewAccept}
              </button>
            </div>
          )}
        </section>
        <Revisions
          camera={camera.id}
          compared={compared?.revision ?? null}
          onCompare={setCompared}
          onRestore={({ zones, unmasked }) => {
            change({ zones, unmasked });
            setPick(null);
          }}
        />
        <ExchangeCard
          camera={camera.id}
          zones={present.zones}
          onImport={(zones) => {
            change({ zones, unmasked: null });
            setPick(null);
          }}
        />
      </div>
      {asking && <LossDialog losses={asking} onClose={() => setAsking(null)} onAccept={apply} />}
    </div>
  );
};

const Unmasked = ({ drawing, onChange }: { readonly drawing: Drawing; readonly onChange: (next: Drawing) => void }) => {
  const { say } = useSpeech();
  return (
    <div className="zone-fields">
      <p className="hint">{say.zones.none}</p>
      <div className="field">
        <label htmlFor="unmasked">{say.zones.unmasked}</label>
        <input
          id="unmasked"
          value={drawing.unmasked ?? ''}
          maxLength={200}
          onChange={({ target }) => onChange({ ...drawing, unmasked: target.value || null })}
        />
      </div>
    </div>
  );
};

interface LossDialogProps {
  readonly losses: readonly ZoneLoss[];
  readonly onClose: () => void;
  readonly onAccept: () => void;
}

/** Masking less takes a person who says so. */
const LossDialog = ({ losses, onClose, onAccept }: LossDialogProps) => {
  const { say, format } = useSpeech();
  const [sure, setSure] = useState(false);
  return (
    <Dialog title={say.zones.lossTitle} onClose={onClose}>
      <Notice tone="bad">
        <p>{say.zones.lossIntro}</p>
        <ul>
          {losses.map((loss) => (
            <li key={loss.zone}>
              <b>{loss.zone}</b>
              {say.clauseGap}
              {explainLoss(loss, say, format)}
            </li>
          ))}
        </ul>
      </Notice>
      <label className="check">
        <input type="checkbox" checked={sure} onChange={({ target }) => setSure(target.checked)} />
        {say.zones.lossAccept}
      </label>
      <p className="hint">{say.zones.lossNote}</p>
      <div className="actions">
        <button type="button" className="danger" disabled={!sure} onClick={onAccept}>
          {say.zones.lossApply}
        </button>
        <button type="button" className="quiet" onClick={onClose}>
          {say.cancel}
        </button>
      </div>
    </Dialog>
  );
};

const sameDrawing = (a: Drawing, b: Drawing): boolean =>
  JSON.stringify([a.zones.map(fieldsOf), a.unmasked]) === JSON.stringify([b.zones.map(fieldsOf), b.unmasked]);

const fieldsOf = ({ id, kind, polygon, action, style, padding, mask = 'all', onPerson }: Zone) => [
  [id, kind, polygon, action, style, padding, mask],
  onPerson,
];
