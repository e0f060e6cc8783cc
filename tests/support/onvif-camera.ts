import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Pan, tilt, zoom. */
export type Vector = readonly [pan: number, tilt: number, zoom: number];

/**
 * A small real ONVIF camera that can be turned: device, media and PTZ services over SOAP 1.2, without pictures. What it says can be
 * changed while it runs.
 */
export class OnvifCamera implements AsyncDisposable {
  readonly #server: Server;
  position: Vector = [0, 0, 0];
  /** By name; tokens are `P1`, `P2`, ... */
  presets: Readonly<Record<string, Vector | null>> = { Gate: [0.25, -0.1, 0], Yard: [-0.6, 0, 0.5] };
  isMoving = false;
  /** It answers with a fault. */
  isBroken = false;
  /** It leaves out where it looks, as cameras without encoders do. */
  tellsPosition = true;
  /** RTSP address of its one stream. */
  stream = 'rtsp://127.0.0.1:9/stream1';
  /** Names of the operations that it was asked for. */
  readonly asked: string[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<OnvifCamera> {
    const server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        const { status, xml } = camera.#answer(body);
        response.writeHead(status, { 'content-type': 'application/soap+xml; charset=utf-8' }).end(xml);
      });
    });
    const camera = new OnvifCamera(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return camera;
  }

  /** Of its device service, with user and password. */
  get service(): string {
    return `http://operator:s3cret-ptz@127.0.0.1:${this.#port}/onvif/device_service`;
  }

  /** As it tells others who do not know its password. */
  get publicService(): string {
    return `http://127.0.0.1:${this.#port}/onvif/device_service`;
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  #answer(body: string): { status: number; xml: string } {
    const operation = /<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(body)?.[1] ?? '';
    this.asked.push(operation);
    if (this.isBroken) return fault('Sender', 'ter:ActionNotSupported');
    // As the specification has it, only the clock may be asked for without credentials.
    if (operation !== 'GetSystemDateAndTime' && !/<Username>operator<\/Username>/.test(body))
      return fault('Sender', 'ter:NotAuthorized');
    const answer = this.#operations()[operation];
    return answer === undefined
      ? fault('Receiver', 'ter:ActionNotSupported')
      : { status: 200, xml: envelope(`<${operation}Response>${answer}</${operation}Response>`) };
  }

  #operations(): Record<string, string> {
    const xaddr = (name: string) => `http://127.0.0.1:${this.#port}/onvif/${name}`;
    const service = (namespace: string, name: string) =>
      `<Service><Namespace>http://www.onvif.org/${namespace}/wsdl</Namespace><XAddr>${xaddr(name)}</XAddr><Version><Major>2</Major><Minor>60</Minor></Version></Service>`;
    const now = new Date();
    return {
      GetSystemDateAndTime: `<SystemDateAndTime><DateTimeType>NTP</DateTimeType><UTCDateTime><Time><Hour>${now.getUTCHours()}</Hour><Minute>${now.getUTCMinutes()}</Minute><Second>${now.getUTCSeconds()}</Second></Time><Date><Year>${now.getUTCFullYear()}</Year><Month>${now.getUTCMonth() + 1}</Month><Day>${now.getUTCDate()}</Day></Date></UTCDateTime></SystemDateAndTime>`,
      GetServices:
        service('ver10/device', 'device_service') + service('ver10/media', 'media') + service('ver20/ptz', 'ptz'),
      GetProfiles:
        '<Profiles token="main" fixed="true"><Name>main</Name><VideoSourceConfiguration token="vsc"><Name>vsc</Name><UseCount>1</UseCount><SourceToken>vs0</SourceToken><Bounds x="0" y="0" width="1920" height="1080"/></VideoSourceConfiguration><VideoEncoderConfiguration token="vec"><Name>vec</Name><UseCount>1</UseCount><Encoding>H264</Encoding><Resolution><Width>1280</Width><Height>720</Height></Resolution><Quality>5</Quality><RateControl><FrameRateLimit>25</FrameRateLimit><EncodingInterval>1</EncodingInterval><BitrateLimit>2000</BitrateLimit></RateControl></VideoEncoderConfiguration><PTZConfiguration token="ptz0"><Name>ptz0</Name><UseCount>1</UseCount><NodeToken>node0</NodeToken></PTZConfiguration></Profiles>',
      GetVideoSources:
        '<VideoSources token="vs0"><Framerate>25</Framerate><Resolution><Width>1920</Width><Height>1080</Height></Resolution></VideoSources>',
      GetStreamUri: `<MediaUri><Uri>${this.stream}</Uri><InvalidAfterConnect>false</InvalidAfterConnect><InvalidAfterReboot>false</InvalidAfterReboot><Timeout>PT60S</Timeout></MediaUri>`,
      GetPresets: Object.entries(this.presets)
        .map(
          ([name, at], index) =>
            `<Preset token="P${index + 1}"><Name>${name}</Name>${at ? `<PTZPosition>${vector(at)}</PTZPosition>` : ''}</Preset>`,
        )
        .join(''),
      GetStatus: `<PTZStatus>${this.tellsPosition ? `<Position>${vector(this.position)}</Position>` : ''}<MoveStatus><PanTilt>${this.isMoving ? 'MOVING' : 'IDLE'}</PanTilt><Zoom>IDLE</Zoom></MoveStatus><UtcTime>${now.toISOString()}</UtcTime></PTZStatus>`,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const vector = ([pan, tilt, zoom]: Vector): string =>
  `<PanTilt x="${pan}" y="${tilt}" space="http://www.onvif.org/ver10/tptz/PanTiltSpaces/PositionGenericSpace"/><Zoom x="${zoom}" space="http://www.onvif.org/ver10/tptz/ZoomSpaces/PositionGenericSpace"/>`;

const envelope = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>${body}</s:Body></s:Envelope>`;

const fault = (code: string, reason: string) => ({
  status: 400,
  xml: envelope(
    `<s:Fault><s:Code><s:Value>s:${code}</s:Value></s:Code><s:Reason><s:Text xml:lang="en">${reason}</s:Text></s:Reason></s:Fault>`,
  ),
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
