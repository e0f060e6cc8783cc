import type { z } from 'zod';
import type { Frozen } from './schemas.js';

/**
 * Who may use a route: `anyone`; who sends the `token`; or, for `metrics`, also whoever asks from this machine, since what
 * scrapes them there has no place to keep a token.
 */
export type Access = 'anyone' | 'token' | 'metrics';

/** What a route answers with, by media type. */
export type Reply =
  | { readonly type: 'json'; readonly status: number; readonly value: unknown }
  | { readonly type: 'image/jpeg'; readonly bytes: Buffer }
  | { readonly type: 'metrics'; readonly mediaType: string; readonly text: string };

/** What a handler knows of the request. */
export interface RouteRequest {
  /** The camera that the path names; empty where it names none. */
  readonly camera: string;
  /** What was sent as JSON; undefined where the route takes no body. */
  readonly body: unknown;
  /** Who asks, for records of who did what. */
  readonly actor: string;
  /** The host that the client asked for, without brackets and port. */
  readonly host: string | null;
}

/** A kind of answer, as `/openapi.json` shows it. */
export interface DocumentedAnswer {
  readonly description: string;
  readonly content: z.ZodType | 'image/jpeg' | 'text/plain';
}

/** One operation of the API: what answers it and what documents it, in one place. */
export interface Route {
  readonly method: 'get' | 'put' | 'post';
  /** As OpenAPI writes it: `/api/v1/cameras/{camera}`. */
  readonly path: string;
  readonly access: Access;
  readonly summary: string;
  /** Stable name, for generated clients. */
  readonly operationId: string;
  /** The schema of its body, where it takes one. */
  readonly body?: z.ZodType;
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
