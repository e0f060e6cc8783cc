/** The part of an origin that says whose log it is. It need not be reachable (C2SP signed-note). */
const HOST = 'veilgate.local';

/**
 * The origin of a site's audit log, and the name of its key: from the site's name as it is when the log begins.
 *
 *     auditOrigin('Riverside Hotel')   // 'veilgate.local/Riverside%20Hotel'
 */
export const auditOrigin = (site: string): string =>
  `${HOST}/${encodeURIComponent(site.replaceAll(/\p{Cs}/gu, '\ufffd'))}`;
