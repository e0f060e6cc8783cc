import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Bucket bounds for what happens to one picture, ms. */
const STAGE_BUCKETS_MS = [0.5, 1, 2, 4, 6, 8, 10, 15, 20, 30, 40, 60, 80, 120, 200, 500, 1000];

/** What is measured of every camera; labelled by its id. */
export class CameraMetrics {
  readonly framesIn: Counter<'camera'>;
  readonly framesOut: Counter<'camera'>;
  readonly framesDropped: Counter<'camera' | 'why'>;
  readonly decodeErrors: Counter<'camera'>;
  readonly bytesIn: Counter<'camera'>;
  readonly bytesOut: Counter<'camera'>;
  readonly state: Gauge<'camera' | 'state' | 'reason'>;
  readonly transitions: Counter<'camera' | 'state' | 'reason'>;
  readonly withheldSeconds: Counter<'camera' | 'reason'>;
  readonly workerRestarts: Counter<'camera' | 'how'>;
  readonly selfTests: Counter<'camera'>;
  readonly decodeBacks: Counter<'camera'>;
  readonly maskedShare: Gauge<'camera'>;
  readonly clients: Gauge<'camera'>;
  readonly zoneRevision: Gauge<'camera'>;
  readonly zonesPending: Gauge<'camera'>;
  readonly people: Gauge<'camera' | 'zone'>;
  readonly decode: Histogram<'camera'>;
  readonly mask: Histogram<'camera'>;
  readonly encode: Histogram<'camera'>;
  readonly total: Histogram<'camera'>;

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = <L extends string>(name: string, help: string, ...extra: L[]) =>
      new Counter<'camera' | L>({ name: `veilgate_${name}`, help, labelNames: ['camera', ...extra], registers });
    const gauge = <L extends string>(name: string, help: string, ...extra: L[]) =>
      new Gauge<'camera' | L>({ name: `veilgate_${name}`, help, labelNames: ['camera', ...extra], registers });
    const histogram = (name: string, help: string) =>
      new Histogram<'camera'>({
        name: `veilgate_${name}_ms`,
        help,
        labelNames: ['camera'],
        buckets: STAGE_BUCKETS_MS,
        registers,
      });
    this.framesIn = counter('frames_in_total', 'Pictures received from the camera');
    this.framesOut = counter('frames_out_total', 'Masked pictures handed to clients');
    this.framesDropped = counter('frames_dropped_total', 'Pictures that were not handed on, by cause', 'why');
    this.decodeErrors = counter('decode_errors_total', 'Pictures that the decoder refused');
    this.bytesIn = counter('bytes_in_total', 'Coded bytes received from the camera');
    this.bytesOut = counter('bytes_out_total', 'Coded bytes of masked pictures');
    this.state = gauge('state', '1 for the state and reason that a stream is in', 'state', 'reason');
    this.transitions = counter('state_transitions_total', 'Changes of state', 'state', 'reason');
    this.withheldSeconds = counter('withheld_seconds_total', 'Time that a stream was withheld', 'reason');
    this.workerRestarts = counter('worker_restarts_total', 'Ends of a worker process', 'how');
    this.selfTests = counter('self_tests_total', 'Frames whose mask was checked before encoding');
    this.decodeBacks = counter('decode_backs_total', "Keyframes of the encoder's output that were decoded and checked");
    this.maskedShare = gauge('masked_share', 'Share of the picture that is masked, 0 to 1');
    this.clients = gauge('clients', 'Viewers of the stream');
    this.zoneRevision = gauge('zone_revision', 'Zone revision in force');
    this.zonesPending = gauge('zones_pending', '1 while zones of the site file wait for acceptance');
    this.people = gauge('people', 'People in a zone that counts them', 'zone');
    this.decode = histogram('decode', 'Decoding one picture');
    this.mask = histogram('mask', 'Copying, masking and self-testing one picture');
    this.encode = histogram('encode', 'Encoding one picture');
    this.total = histogram('latency', "Last packet of a source's picture received to masked packets handed to clients");
  }

  /** Forgets a camera that is configured no more. */
  remove(camera: string): void {
    for (const metric of Object.values(this) as (Gauge<string> | Counter<string> | Histogram<string>)[]) {
      for (const { labels } of metricValues(metric)) if (labels.camera === camera) metric.remove(labels);
    }
  }
}

type Labels = Partial<Record<string, string | number>>;

/** prom-client keeps its series in a public hash map that its types leave out. */
const metricValues = (metric: object): { labels: Labels }[] =>
  Object.values((metric as { hashMap: Record<string, { labels: Labels }> }).hashMap);
