/** What the site file says of the site as a whole, and what of it waits for people because it protects less than before. */

import type { Setting } from '../config/settings.js';
import type { AlertsConfig, RetentionConfig, RulePack } from '../config/site.js';
import type { WeakeningAccepted } from '../control/safeguard-keeper.js';
import { describeWeakening, type Weakening } from '../control/safeguards.js';
import type { People } from '../record/people/people.js';
import { humanOf } from '../record/people/person.js';
import type { ModelCard } from '../vision/model-card.js';
import type { PreviewState } from './preview-views.js';
import { CONFIGURE, READ } from './rights.js';
import { type Route, reply } from './route.js';
import { modelsSchema, settingsSchema, siteSchema } from './site-schemas.js';

/** The site as it is in force. */
export interface SiteInForce {
  readonly name: string;
  readonly rules: RulePack;
  readonly twoPersons: boolean;
  readonly commissioning: boolean;
  readonly retention: RetentionConfig;
  readonly alerts: AlertsConfig;
}

/** What the routes speak to. */
export interface SiteApi {
  inForce(): SiteInForce;
  /** What the site file weakens, and people have not accepted. */
  pending(): readonly Weakening[];
  /** What the site file says, and where. */
  settings(): Promise<{ readonly file: string; readonly settings: readonly Setting[] }>;
  models(): Promise<{ readonly cards: readonly ModelCard[]; readonly problems: readonly string[] }>;
  /** Whether accepting it takes two. */
  takesTwo(): boolean;
  /** Puts the site file in force with what it weakens. @throws VeilgateError `nothing-pending`, `one-person` */
  accept(accepted: WeakeningAccepted): Promise<void>;
}

interface SiteRouteContext {
  readonly sites: SiteApi;
  readonly people: People;
  readonly preview: { readonly state: PreviewState };
}

export const siteRoutes = ({ sites, people, preview }: SiteRouteContext): Route[] => {
  const present = () => {
    const { name, rules, twoPersons, commissioning, retention, alerts } = sites.inForce();
    const pending = sites.pending().map(({ path, from, to }) => ({ path, from, to }));
    const inForce = { name, rules, twoPersons, commissioning, retention, alerts };
    return reply(siteSchema, { ...inForce, preview: preview.state, pending, takesTwo: sites.takesTwo() });
  };
  return [
    {
      method: 'get',
      path: '/api/v1/site',
      access: READ,
      summary: 'The site as it is in force, and what of the site file waits for people.',
      operationId: 'getSite',
      answers: { 200: { description: 'The site.', content: siteSchema } },
      handle: present,
    },
    {
      method: 'get',
      path: '/api/v1/site/settings',
      access: READ,
      summary: 'What the site file says, value by value with its line, without secrets.',
      operationId: 'getSettings',
      answers: { 200: { description: 'In the order of the file.', content: settingsSchema } },
      handle: async () => reply(settingsSchema, await sites.settings()),
    },
    {
      method: 'get',
      path: '/api/v1/models',
      access: READ,
      summary: 'The models that look at the pictures: where they come from, what was measured, what they cannot do.',
      operationId: 'listModels',
      answers: { 200: { description: 'Their cards.', content: modelsSchema } },
      handle: async () => {
        const { cards, problems } = await sites.models();
        return reply(modelsSchema, { models: cards.map(presentModel), problems });
      },
    },
    {
      method: 'post',
      path: '/api/v1/site/accept',
      access: CONFIGURE,
      summary: 'Accepts what the site file weakens. Shortening retention and switching off two people takes two.',
      operationId: 'acceptSite',
      takesApproval: true,
      answers: { 200: { description: 'In force: the site as it is now.', content: siteSchema } },
      handle: async ({ person, actor, approval }) => {
        const changes = sites.pending().map(describeWeakening);
        const needed = changes.length > 0 && sites.takesTwo();
        const by = humanOf(person!);
        const undertaking = { action: 'weaken-safeguards', subject: 'site', details: { changes } } as const;
        const approvedBy = needed
          ? await people.approvals.require({ ...undertaking, summary: changes.join('; ').slice(0, 2000) }, by, approval)
          : null;
        await sites.accept({ by: needed ? by : actor, approvedBy });
        return present();
      },
    },
  ];
};

const presentModel = ({ name, task, description, sha256, bytes, source, accuracy, limits }: ModelCard) => ({
  name,
  task,
  description,
  sha256,
  bytes,
  source,
  accuracy,
  limits,
});
