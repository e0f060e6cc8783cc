/** Showing a stream again whose place was recognised as prohibited: two people, and a reason (Regulation, Art. 15). */
import { z } from 'zod';
import type { GatewayApi } from '../control/gateway-api.js';
import type { People } from '../record/people/people.js';
import { humanOf } from '../record/people/person.js';
import { reasonLine } from './line.js';
import { presentCamera } from './present.js';
import { readBody } from './read-request.js';
import { OPERATE } from './rights.js';
import { type Route, type RouteRequest, reply } from './route.js';
import { cameraSchema } from './schemas.js';

export const releaseSchema = z
  .strictObject({
    reason: reasonLine('Why the place is none in which cameras are prohibited.'),
  })
  .describe('The reason for a release.');

export const releaseRoutes = (
  { gateway, people }: { readonly gateway: GatewayApi; readonly people: People },
  presenting: (request: RouteRequest) => Parameters<typeof presentCamera>[1],
): Route[] => [
  {
    method: 'post',
    path: '/api/v1/cameras/{camera}/release',
    access: OPERATE,
    summary: 'Shows a stream again whose place was recognised as prohibited. Takes two people; holds for this view.',
    operationId: 'releasePlace',
    takesApproval: true,
    body: releaseSchema,
    answers: { 200: { description: 'Released: the camera as it is now.', content: cameraSchema } },
    handle: async (request) => {
      const { camera, body, person, approval } = request;
      // What cannot be released is told before a second person is asked.
      await gateway.checkReleasable(camera);
      const { reason } = readBody(releaseSchema, body);
      const by = humanOf(person!);
      const undertaking = { action: 'release-prohibited-place', subject: camera, details: { camera, reason } } as const;
      const summary = `${camera}: ${reason}`;
      const approvedBy = await people.approvals.require({ ...undertaking, summary }, by, approval);
      await gateway.releasePlace(camera, { by, approvedBy, reason });
      return reply(cameraSchema, presentCamera(gateway.camera(camera), presenting(request)));
    },
  },
];
