import type { Severity } from '../rules/severity.js';
import type { ZoneSet } from '../zones/zone.js';
import type { Place } from './place.js';
import type { Secret } from './secret.js';

/** Rule packs: the Regulation of 2012 and State Council Decree 799 of 2025. */
export const RULE_PACKS = ['cn-2012', 'cn-799-2025'] as const;
export type RulePack = (typeof RULE_PACKS)[number];

/** Who is responsible: penalties of Art. 42 fall on state organs alone. `other` where the site file gives only a name. */
export const UNIT_TYPES = ['company', 'state-organ', 'institution', 'association', 'individual', 'other'] as const;
export type UnitType = (typeof UNIT_TYPES)[number];

export interface ResponsibleUnit {
  readonly name: string;
  readonly type: UnitType;
}

/** An address to listen on. Port 0 takes any free one. */
export interface ListenAddress {
  /** An IP address without brackets, or `localhost`. */
  readonly host: string;
  readonly port: number;
}

export interface RtspUser {
  readonly name: string;
  readonly password: Secret;
}

/** Certificate (with its chain) and private key of the HTTP side. */
export interface ServerTls {
  readonly cert: string;
  readonly key: string;
}

export const PREVIEW_KINDS = ['off', 'jsmpeg'] as const;
export type PreviewKind = (typeof PREVIEW_KINDS)[number];

/** Of what slates say. */
export const SLATE_LANGUAGES = ['en', 'zh'] as const;
export type SlateLanguage = (typeof SLATE_LANGUAGES)[number];

export interface ServerConfig {
  readonly http: ListenAddress;
  readonly rtsp: ListenAddress;
  /** RTSP clients that play at the same time. */
  readonly maxClients: number;
  /** Empty: no authentication. */
  readonly rtspUsers: readonly RtspUser[];
  /** Absolute paths of PEM files; null: plain HTTP. */
  readonly tls: ServerTls | null;
  /** What browsers without Media Source Extensions get beside snapshots. */
  readonly preview: PreviewKind;
  readonly language: SlateLanguage;
  /** The operator vouches for what stands before the listeners (TLS, a firewall, a container's network). */
  readonly behindProxy: boolean;
}

/** Where a camera's pictures come from. `display` may be shown to anyone; what is needed to connect may not. */
export type CameraSource =
  | { readonly kind: 'rtsp'; readonly url: Secret; readonly secure: boolean; readonly display: string }
  | { readonly kind: 'file'; readonly path: string; readonly loop: boolean; readonly display: string }
  | { readonly kind: 'demo'; readonly scene: string; readonly display: string };

export interface PublishTarget {
  readonly url: Secret;
  readonly secure: boolean;
  readonly display: string;
}

export const TRANSPORTS = ['auto', 'tcp', 'udp'] as const;
export type Transport = (typeof TRANSPORTS)[number];

export interface TlsConfig {
  readonly verify: boolean;
  /** Absolute path of a PEM file with the authorities to trust, or null for the system's. */
  readonly ca: string | null;
}

export interface SignConfig {
  /** Words of which at least one is to be read. */
  readonly expect: readonly string[];
  /** Seconds between looks. */
  readonly within: number;
  /** Seconds of daylight that it may be missing or hard to read. */
  readonly missingAfter: number;
  /** Where in the picture it should be; null: anywhere. */
  readonly region: readonly (readonly [x: number, y: number])[] | null;
  /** Absolute path of a photo of it; null: none. */
  readonly reference: string | null;
}

export const GUARD_MODES = ['withhold', 'follow', 'strict', 'off'] as const;
export const GUARD_ACCEPTS = ['auto', 'manual'] as const;
export interface GuardConfig {
  readonly mode: (typeof GUARD_MODES)[number];
  readonly accept: (typeof GUARD_ACCEPTS)[number];
}

/** The preset at which the zones of a camera that can be turned hold. */
export interface PtzConfig {
  /** Address of its ONVIF device service, with user and password. */
  readonly service: Secret;
  /** Name or token. */
  readonly preset: string;
  /** Of pan, tilt and zoom, in the camera's units. */
  readonly tolerance: number;
  /** Seconds between questions. */
  readonly every: number;
}

/** What is masked beside the zones. */
export const CAMERA_MASKS = ['zones', 'people'] as const;
export type CameraMask = (typeof CAMERA_MASKS)[number];

export interface PeopleConfig {
  /** Looks a second while something moves; null: as many as what is wanted of them needs. */
  readonly rate: number | null;
}

export const VISION_MODES = ['on', 'off'] as const;
export interface VisionConfig {
  readonly mode: (typeof VISION_MODES)[number];
  /** Cores that looking may take. */
  readonly cores: number;
  /** Name of the model that finds people. */
  readonly detector: string;
}

export const OUTPUT_CODECS = ['h264', 'h265'] as const;
export const HARDWARE_USES = ['off', 'auto'] as const;
export interface OutputConfig {
  readonly codec: (typeof OUTPUT_CODECS)[number];
  /** Bits per second, or null: the source's. */
  readonly bitrate: number | null;
  /** The encoder sleeps while nobody watches. */
  readonly onDemand: boolean;
  /** Whether the machine's hardware codecs are tried. */
  readonly hardware: (typeof HARDWARE_USES)[number];
}

export interface CameraConfig {
  /** A slug: also the path of its stream and the name of its files. */
  readonly id: string;
  readonly source: CameraSource;
  readonly transport: Transport;
  readonly tls: TlsConfig;
  /** What the camera is declared to look at; one of Art. 15's kinds is withheld from the start. */
  readonly place: Place;
  /** A public place: Art. 16 wants a sign. */
  readonly public: boolean;
  /** Number of the approval under Art. 14. */
  readonly approval: string | null;
  /** The camera's own, else the site's. */
  readonly responsibleUnit: ResponsibleUnit;
  /** As the file says, with one more for `mask: people`. What is in force is the zone store's to say. */
  readonly zones: ZoneSet;
  /** Why nothing is masked, where nothing is. */
  readonly unmasked: string | null;
  readonly people: PeopleConfig;
  readonly sign: SignConfig | null;
  /** Frames held back before masking. */
  readonly lookAhead: number;
  readonly guard: GuardConfig;
  /** null: it is not turned, or whoever turns it is not asked. */
  readonly ptz: PtzConfig | null;
  readonly output: OutputConfig;
  /** Whether its raw picture may be shown to an integrator: the site's word, and never where the place is declared a prohibited one. */
  readonly commissioning: boolean;
  readonly publish: readonly PublishTarget[];
}

/** How long alerts may wait, in minutes. */
export interface AlertsConfig {
  readonly escalateAfter: number;
  readonly reportWithin: number;
}

/** How long what was recorded is kept, in days after its alert was dismissed or closed. */
export interface RetentionConfig {
  /** Masked pictures of alerts. */
  readonly evidence: number;
  /** Alerts with their history. */
  readonly alerts: number;
}

/** An address that is posted to; its path may be a secret, too. */
export interface WebhookConfig {
  readonly id: string;
  readonly url: Secret;
  readonly secret: Secret;
  readonly severity: Severity;
}

export interface MqttConfig {
  readonly url: Secret;
  readonly topic: string;
  /** Prefix of Home Assistant's discovery topics. */
  readonly discovery: string;
  readonly severity: Severity;
}

export interface NotifyConfig {
  readonly webhooks: readonly WebhookConfig[];
  readonly mqtt: MqttConfig | null;
}

/** A site file, read, checked and with every default filled in; paths are absolute. */
export interface Site {
  readonly version: 1;
  readonly site: {
    readonly name: string;
    readonly responsibleUnit: ResponsibleUnit;
    readonly rules: RulePack;
    readonly approval: string | null;
  };
  readonly server: ServerConfig;
  readonly storage: {
    readonly dir: string;
    /** Of PostgreSQL; null: a SQLite file in the folder. */
    readonly url: Secret | null;
    /** Verifier key or fingerprint that the audit log's key must have; null: any. */
    readonly logKey: string | null;
    /** Where checkpoints of the audit log are sent: an address, which may hold a password, or an absolute path. */
    readonly witness: Secret | null;
  };
  readonly zones: {
    /** Zones that mask less need a second person. */
    readonly twoPersons: boolean;
  };
  readonly vision: VisionConfig;
  /** Whether raw pictures may be shown to an integrator at all (`withCommissioning` sets it with the cameras'). */
  readonly commissioning: boolean;
  readonly alerts: AlertsConfig;
  readonly retention: RetentionConfig;
  readonly notify: NotifyConfig;
  readonly cameras: readonly CameraConfig[];
}
