/** Finding cameras over ONVIF, and adding them to the site file. */
import type { NewCamera } from '../config/add-camera.js';
import type { AddedCamera } from '../control/site-editor.js';
import type { FoundDevice, OfferedStream } from '../onvif/scouting.js';
import { roleOf } from '../record/people/person.js';
import { RequestError } from './failure.js';
import {
  addedCameraSchema,
  devicesSchema,
  newCameraSchema,
  streamsQuestionSchema,
  streamsSchema,
} from './new-camera-schemas.js';
import { readBody } from './read-request.js';
import { CONFIGURE } from './rights.js';
import { type Route, reply } from './route.js';

/** What the routes speak to. */
export interface NewCameraApi {
  /** ONVIF cameras in the networks of this machine. @throws ScoutError */
  discover(): Promise<readonly FoundDevice[]>;
  /** @param service with credentials @throws ScoutError */
  streams(service: string): Promise<readonly OfferedStream[]>;
  /** @throws SiteEditError */
  add(camera: NewCamera, by: string): Promise<AddedCamera>;
}

export const newCameraRoutes = ({ newCameras }: { readonly newCameras: NewCameraApi }): Route[] => [
  {
    method: 'post',
    path: '/api/v1/onvif/discovery',
    access: CONFIGURE,
    summary: 'Asks the networks of the gateway for ONVIF cameras (WS-Discovery). Takes three seconds.',
    operationId: 'discoverCameras',
    answers: { 200: { description: 'What answered.', content: devicesSchema } },
    handle: async () => reply(devicesSchema, { devices: await newCameras.discover() }),
  },
  {
    method: 'post',
    path: '/api/v1/onvif/streams',
    access: CONFIGURE,
    summary: 'Asks a camera over ONVIF for its streams.',
    operationId: 'listOfferedStreams',
    body: streamsQuestionSchema,
    answers: { 200: { description: 'Its streams.', content: streamsSchema } },
    handle: async ({ body }) => {
      const { service, user, password } = readBody(streamsQuestionSchema, body);
      const address = new URL(service);
      address.username = encodeURIComponent(user);
      address.password = encodeURIComponent(password);
      return reply(streamsSchema, { streams: await newCameras.streams(address.href) });
    },
  },
  {
    method: 'post',
    path: '/api/v1/cameras',
    access: CONFIGURE,
    summary: 'Adds a camera to the site file, wholly masked until its zones are drawn.',
    operationId: 'addCamera',
    body: newCameraSchema,
    answers: { 201: { description: 'Written; the gateway starts it within a second.', content: addedCameraSchema } },
    handle: async ({ body, person, actor }) => {
      const camera = readBody(newCameraSchema, body);
      // A variable may hold any secret of the gateway, its admin token too, and whoever names the host would be sent it.
      if (camera.source.includes('${') && roleOf(person!) !== 'admin')
        throw new RequestError(403, 'variable-for-admins', 'An address with ${...} is added by an administrator.');
      const { file, line } = await newCameras.add(camera, actor);
      return reply(addedCameraSchema, { id: camera.id, file, line }, 201);
    },
  },
];
