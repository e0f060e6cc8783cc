/**
 * What zones are drawn on where the masked picture does not tell enough: the whole picture in coarse blocks, and, where the site file
 * allows it, the raw picture in a time box. The one place that opens a raw picture.
 */
import { openRawJpeg } from '../camera/commission/raw-jpeg.js';
import type { CommissionDesk } from '../control/commission/commission-desk.js';
import { LookPace } from '../control/commission/look-pace.js';
import type { GatewayApi } from '../control/gateway-api.js';
import type { OpenJournal } from '../record/journal.js';
import type { Person } from '../record/people/person.js';
import { commissionBoxSchema, newCommissionSchema } from './commission-schemas.js';
import { RequestError } from './failure.js';
import { readBody } from './read-request.js';
import { COMMISSION, CONFIGURE } from './rights.js';
import { type Reply, type Route, reply } from './route.js';

export interface CommissionRouteContext {
  readonly commissions: Pick<CommissionDesk, 'open' | 'picture' | 'end'>;
}

interface Context extends CommissionRouteContext {
  readonly gateway: Pick<GatewayApi, 'camera' | 'coarsePicture'>;
  readonly journal: Pick<OpenJournal, 'append'>;
}

export const commissionRoutes = ({ gateway, commissions, journal }: Context): Route[] => {
  const coarsePace = new LookPace();
  return [
    {
      method: 'get',
      path: '/api/v1/cameras/{camera}/coarse.jpg',
      access: CONFIGURE,
      summary:
        'The whole picture in coarse blocks, also while it is withheld: to draw zones on. Recorded; two a second at most. Never of a prohibited place, or of what an operator withholds.',
      operationId: 'getCoarsePicture',
      answers: { 200: { description: 'A JPEG. Not to be stored on the way.', content: 'image/jpeg' } },
      handle: async ({ camera, actor }): Promise<Reply> => {
        coarsePace.take(gateway.camera(camera).id);
        const bytes = await gateway.coarsePicture(camera);
        if (!bytes) throw new RequestError(503, 'no-picture', 'The camera gives no picture now.');
        const data = { what: 'the whole picture in coarse blocks', purpose: 'to draw zones' };
        await journal.append({ kind: 'view', actor, camera, data });
        return { type: 'image/jpeg', bytes };
      },
    },
    {
      method: 'post',
      path: '/api/v1/cameras/{camera}/commission',
      access: COMMISSION,
      summary:
        'Opens the commissioning view: the raw picture of one camera, for this session alone, for a reason, and at most five minutes. Recorded before anything is shown.',
      operationId: 'openCommission',
      body: newCommissionSchema,
      answers: { 201: { description: 'Open.', content: commissionBoxSchema } },
      handle: async ({ camera, body, person }) => {
        const { reason, seconds } = readBody(newCommissionSchema, body);
        const box = await commissions.open(camera, loggedIn(person), reason, seconds * 1000);
        const { openedBy, until } = box;
        return reply(commissionBoxSchema, { camera, openedBy, reason, seconds, until: until.toISOString() }, 201);
      },
    },
    {
      method: 'get',
      path: '/api/v1/cameras/{camera}/commission/picture.jpg',
      access: COMMISSION,
      summary: 'One raw picture, in the time box that this session has open; two a second at most.',
      operationId: 'getCommissionPicture',
      answers: { 200: { description: 'A JPEG. Never stored.', content: 'image/jpeg' } },
      handle: async ({ camera, person }): Promise<Reply> => {
        const picture = await commissions.picture(camera, loggedIn(person).session);
        return { type: 'image/jpeg', bytes: openRawJpeg(picture) };
      },
    },
    {
      method: 'delete',
      path: '/api/v1/cameras/{camera}/commission',
      access: COMMISSION,
      summary: 'Closes the commissioning view that this session has open.',
      operationId: 'closeCommission',
      answers: { 204: { description: 'Closed.', content: null } },
      handle: ({ camera, person }) => {
        commissions.end(camera, loggedIn(person).session);
        return { type: 'empty' };
      },
    },
  ];
};

/** No token is let through here (`rights.ts`): what is left is a session. */
const loggedIn = (person: Person | null): Extract<Person, { kind: 'account' }> => {
  if (person?.kind === 'account') return person;
  throw new RequestError(403, 'session-needed', 'A raw picture is shown to a person who has logged in.');
};
