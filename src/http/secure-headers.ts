import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { API_PAGE_STYLE } from './api-page.js';

/**
 * What browsers are told to refuse: any script, style or connection that is not this gateway's own, and being framed. Pictures and
 * live views are shown from `blob:` addresses, since no element can send a token.
 */
export const secureHeaders = (): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // The page of the API brings its own.
        styleSrc: ["'self'", API_PAGE_STYLE],
        imgSrc: ["'self'", 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // For the proxy that does TLS to say; over plain HTTP it means nothing.
    strictTransportSecurity: false,
    // Without TLS browsers ignore it, and say so in red.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  });
