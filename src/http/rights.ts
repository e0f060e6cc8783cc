/** The rights that routes ask for. A route names one of these in its definition; `access.test.ts` walks all of them with every role. */
import { type Rights, rights } from '../record/people/role.js';

/** To see what is: every role. */
export const READ: Rights = rights('read');

/** To act on what happens: withhold a stream, decide an alert. */
export const OPERATE: Rights = rights('operate');

/** To change what is masked and watched for: zones, models. */
export const CONFIGURE: Rights = rights('configure');

/** To look at a raw picture. Takes a session: neither a token nor the admin token has it. */
export const COMMISSION: Rights = rights('commission');

/** To take records out of the gateway. */
export const EXPORT: Rights = rights('export');

/** To register an inspection (Regulation, Art. 27, 28). */
export const INSPECT: Rights = rights('inspect');

/** To agree to what another person asks for. A token never has it. */
export const APPROVE: Rights = rights('approve');

/** To make tokens for oneself: whoever changes anything. */
export const MAKE_TOKENS: Rights = rights('approve');

/** To decide who else may do what. */
export const ADMINISTER: Rights = rights('administer');
