import type { z } from 'zod';
import type { Person } from '../record/people/person.js';
import type { Rights } from '../record/people/role.js';
import type { PublishedStream } from '../rtsp/published-stream.js';
import type { OpenStream } from './event-stream.js';
import type { Frozen } from './schemas.js';

/**
 * Who may use a route: `anyone`; who has the rights (`rights.ts`); or, for `metrics`, whoever may read and whoever asks from this machine,
 * since what scrapes them there has no place to keep a token.
 */
export type Access = 'anyone' | 'metrics' | Rights;

/** What a route answers with, by media type. */
export type Reply = (
  | { readonly type: 'json'; readonly status: number; readonly value: unknown }
  | { readonly type: 'empty' }
  | { readonly type: 'image/jpeg'; readonly bytes: Buffer }
  | { readonly type: 'metrics'; readonly mediaType: string; readonly text: string }
  | { readonly type: 'text'; readonly mediaType: 'text/plain' | 'text/html'; readonly text: string }
  /** The connection becomes a live view of the stream, or a preview. */
  | { readonly type: 'live'; readonly stream: PublishedStream }
  | { readonly type: 'preview'; readonly stream: PublishedStream }
  | { readonly type: 'event-stream'; readonly open: OpenStream }
  /** A file to keep, under this name. */
  | { readonly type: 'application/zip'; readonly name: string; readonly bytes: Buffer }
) & { readonly headers?: Readonly<Record<string, string>> };

/** What a handler knows of the request. */
export interface RouteRequest {
  /** The camera that the path names; empty where it names none. */
  readonly camera: string;
  /** What the path names, by the name of its part; empty for a part that the path does not have. */
  readonly param: (name: string) => string;
  /** The query, checked by the route's schema; empty where it takes none. */
  readonly query: unknown;
  /** What was sent as JSON; undefined where the route takes no body. */
  readonly body: unknown;
  /** Who asks; null where anyone may. */
  readonly person: Person | null;
  /** Who asks, for records of who did what. */
  readonly actor: string;
  /** The second person's word that the client refers to (header `Approval`); null where it refers to none. */
  readonly approval: string | null;
  /** The last server-sent event that the client got (header `Last-Event-ID`); null where it got none. */
  readonly lastEventId: string | null;
  /** The host that the client asked for, without brackets and port. */
  readonly host: string | null;
  /** The client's address, as one client counts. */
  readonly client: string;
  /** What changes of this session must carry; null where there is no session. */
  readonly csrfToken: string | null;
  /** Whether the client reached us over TLS, as far as is known. */
  readonly secure: boolean;
}

/** A kind of answer, as `/openapi.json` shows it. */
export interface DocumentedAnswer {
  readonly description: string;
  readonly content:
    | z.ZodType
    | 'image/jpeg'
    | 'text/plain'
    | 'text/html'
    | 'application/zip'
    | 'text/event-stream'
    | null;
}

/** One operation of the API: what answers it and what documents it, in one place. */
export interface Route {
  readonly method: 'get' | 'put' | 'post' | 'patch' | 'delete';
  /** As OpenAPI writes it: `/api/v1/cameras/{camera}`. Parts are described in `openapi.ts`. */
  readonly path: string;
  readonly access: Access;
  readonly summary: string;
  /** Stable name, for generated clients. */
  readonly operationId: string;
  /** The schema of its query, where it takes one. Values are texts, or lists of them where a name comes several times. */
  readonly query?: z.ZodObject;
  /** The schema of its body, where it takes one. */
  readonly body?: z.ZodType;
  /** What takes two people: the client may refer to an approval in the header `Approval`. */
  readonly takesApproval?: boolean;
  /** By status code; errors that any route may answer with are left out. */
  readonly answers: Readonly<Record<number, DocumentedAnswer>>;
  handle(request: RouteRequest): Reply | Promise<Reply>;
}

/** A JSON answer, typed by the schema that documents it. */
export const reply = <S extends z.ZodType>(_schema: S, value: Frozen<z.output<S>>, status = 200): Reply => ({
  type: 'json',
  status,
  value,
});
