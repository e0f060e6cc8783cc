import { describe, expect, test } from 'vitest';
import { EVERYBODY } from '../zones/zone.js';
import { parseSite } from './load.js';
import { SiteFileError } from './problem.js';

const VALID = `version: 1
site: { name: Hotel, responsibleUnit: Hotel Ltd }
server: { http: 127.0.0.1:8080, rtsp: 127.0.0.1:8554 }
cameras:
  - id: lobby
    source: rtsp://\${CAM_USER}:\${CAM_PASS}@10.0.0.5/1
    place: lobby
    zones:
      - id: door
        kind: restroom
        polygon: [[0.1, 0.2], [0.3, 0.2], [0.3, 0.6]]
        style: solid
  - id: dock
    source: clip.mp4
    place: yard
    zones: []
    unmasked: The yard is fenced in.
`;
const ENV = { CAM_USER: 'operator', CAM_PASS: 'hunter2/@' };

const messageOf = (text: string): string => {
  try {
    parseSite(text, 'site.yaml', ENV);
  } catch (error) {
    if (error instanceof SiteFileError) return error.message;
    throw error;
  }
  return 'no problem';
};

/** What is changed in the valid file, and what a person then reads. */
const CASES: readonly (readonly [behaviour: string, from: string, to: string, message: string])[] = [
  [
    'a mistyped key is one mistake, and the known one is suggested',
    'place: lobby',
    'plaec: lobby',
    'site.yaml:7:5: cameras[0].plaec: There is no key "plaec" here.\n    Did you mean "place"?',
  ],
  [
    'a key that nothing resembles lists what is known',
    '        style: solid',
    '        colour: red',
    'site.yaml:12:9: cameras[0].zones[0].colour: There is no key "colour" here.\n    Remove it. Known here: id, kind, polygon, action, style, padding, mask, onPerson, dwell.',
  ],
  [
    'a key of another product is translated',
    'source: clip.mp4',
    'url: clip.mp4',
    'site.yaml:14:5: cameras[1].url: There is no key "url" here.\n    Did you mean "source"?',
  ],
  [
    'a missing version is asked for',
    'version: 1\n',
    '',
    'site.yaml:1:1: version: "version" is missing.\n    Begin the file with "version: 1".',
  ],
  [
    'another version is refused',
    'version: 1',
    'version: 2',
    'site.yaml:1:10: version: The number 2 cannot stand here.\n    Write 1.',
  ],
  [
    'a missing camera id says what it is for',
    '- id: dock\n    source: clip.mp4',
    '- source: clip.mp4',
    'site.yaml:13:5: cameras[1].id: "id" is missing.\n    Give the camera a short name such as lobby-1; its stream is rtsp://HOST:8554/<id>.',
  ],
  [
    'missing zones are never taken for none',
    '    zones: []\n    unmasked: The yard is fenced in.\n',
    '',
    'site.yaml:13:5: cameras[1].zones: "zones" is missing.\n    List the privacy zones, or write "zones: []" and "unmasked: <reason>" where nothing is to be masked.',
  ],
  [
    'zones without entries look cut short',
    'zones: []',
    'zones:',
    'site.yaml:16:11: cameras[1].zones: Nothing stands where a list is needed.\n    Write a list: entries that begin with "- ", or [...]. The file may have been cut short here.',
  ],
  [
    'no zones without a reason are refused',
    '    unmasked: The yard is fenced in.\n',
    '',
    'site.yaml:16:12: cameras[1].zones: No zones are listed, so the whole picture would be shown.\n    List the privacy zones, or add "unmasked: <why nothing has to be masked>".',
  ],
  [
    'a reason for masking nothing contradicts zones',
    'style: solid',
    'style: solid\n    unmasked: because',
    'site.yaml:13:5: cameras[0].unmasked: "unmasked" says that nothing is masked, but zones are.\n    Remove "unmasked", or the zones.',
  ],
  [
    'an id with capitals and blanks is refused, and a slug suggested',
    'id: lobby',
    'id: Lobby West!',
    'site.yaml:5:9: cameras[0].id: "Lobby West!" cannot be an id: ids are 1 to 64 lower-case letters, digits and hyphens.\n    Write "lobby-west", for example.',
  ],
  [
    'an id that is a number wants quotes',
    'id: lobby',
    'id: 12',
    'site.yaml:5:9: cameras[0].id: The number 12 stands where a text is needed.\n    Put it in quotes: "12".',
  ],
  [
    'two cameras may not share an id',
    'id: dock',
    'id: lobby',
    'site.yaml:13:9: cameras[1].id: There is another camera "lobby": number 1 in the list.\n    Every camera has its own stream: give it another id.',
  ],
  [
    'two zones of a camera may not share an id',
    '        style: solid',
    '      - { id: door, kind: private, polygon: [[0, 0], [1, 0], [1, 1]] }',
    'site.yaml:12:15: cameras[0].zones[1].id: There is another zone "door": number 1 in the list.\n    Give it another id.',
  ],
  [
    'a mistyped kind is not taken for another',
    'kind: restroom',
    'kind: restrom',
    'site.yaml:10:15: cameras[0].zones[0].kind: "restrom" is not known here.\n    Did you mean "restroom"? Known: restroom, bathroom, changing-room, guest-room, dormitory, nursing-room, private, neighbour, street.',
  ],
  [
    'a word for a kind that is used elsewhere is translated',
    'kind: restroom',
    'kind: toilet',
    'site.yaml:10:15: cameras[0].zones[0].kind: "toilet" is not known here.\n    Did you mean "restroom"? Known: restroom, bathroom, changing-room, guest-room, dormitory, nursing-room, private, neighbour, street.',
  ],
  [
    'an unknown place lists all places',
    'place: lobby',
    'place: spaceship',
    'site.yaml:7:12: cameras[0].place: "spaceship" is not known here.\n    Known: restroom, bathroom, changing-room, guest-room, dormitory, nursing-room, lobby, reception, entrance, corridor, staircase, elevator, office, meeting-room, waiting-room, classroom, library, ward, restaurant, kitchen, shop, supermarket, gym, warehouse, workshop, platform, parking, street, square, yard, perimeter, other.',
  ],
  [
    'a kind of Article 15 takes no reversible style',
    'style: solid',
    'style: blur',
    'site.yaml:12:16: cameras[0].zones[0].style: A restroom (Art. 15) may not be masked with blur, which can be recovered in part.\n    Write solid, or remove the key.',
  ],
  [
    'a style without a value is missing',
    'style: solid',
    'style:',
    'site.yaml:12:15: cameras[0].zones[0].style: The value is missing.\n    Known: solid, pixelate, blur.',
  ],
  [
    'a coordinate in percent is converted',
    '[0.3, 0.6]',
    '[30, 0.6]',
    'site.yaml:11:44: cameras[0].zones[0].polygon[2][0]: 30 lies outside the picture, whose width runs from 0 to 1.\n    Write a share: 0.3 instead of 30 %.',
  ],
  [
    'a coordinate with a percent sign is converted',
    '[0.3, 0.6]',
    '[30 %, 0.6]',
    'site.yaml:11:44: cameras[0].zones[0].polygon[2][0]: The text "30 %" stands where a number is needed.\n    Write 0.3 instead of 30 %.',
  ],
  [
    'a coordinate in pixels says what to divide by',
    '[0.3, 0.6]',
    '[0.3, 648]',
    "site.yaml:11:49: cameras[0].zones[0].polygon[2][1]: 648 lies outside the picture, whose height runs from 0 to 1.\n    Divide pixels by the picture's height in pixels: 648 of 1080 is 0.6.",
  ],
  [
    'a negative coordinate is refused',
    '[0.1, 0.2]',
    '[-0.1, 0.2]',
    'site.yaml:11:20: cameras[0].zones[0].polygon[0][0]: -0.1 lies outside the picture, whose width runs from 0 to 1.\n    Write 0 for the edge of the picture.',
  ],
  [
    'a coordinate just beyond the edge is refused',
    '[0.3, 0.6]',
    '[0.3, 1.01]',
    'site.yaml:11:49: cameras[0].zones[0].polygon[2][1]: 1.01 lies outside the picture, whose height runs from 0 to 1.\n    Write 1 for the far edge of the picture.',
  ],
  [
    'a quoted coordinate loses its quotes',
    '[0.3, 0.6]',
    "['0.3', 0.6]",
    'site.yaml:11:44: cameras[0].zones[0].polygon[2][0]: The text "0.3" stands where a number is needed.\n    Remove the quotes.',
  ],
  [
    'a coordinate that is not a number is refused',
    '[0.3, 0.6]',
    '[.nan, 0.6]',
    'site.yaml:11:44: cameras[0].zones[0].polygon[2][0]: The number NaN stands where a number is needed.\n    Write a number.',
  ],
  [
    'decimal commas make points of too many numbers',
    '[0.3, 0.6]',
    '[0,3, 0,6]',
    'site.yaml:11:43: cameras[0].zones[0].polygon[2]: A point has two numbers, [x, y]; this one has 4.\n    Write [x, y], with decimal points (0.3, not 0,3).\nsite.yaml:11:46: cameras[0].zones[0].polygon[2][1]: 3 lies outside the picture, whose height runs from 0 to 1.\n    Write a share: 0.03 instead of 3 %.',
  ],
  [
    'a point of one number is incomplete',
    '[0.3, 0.6]',
    '[0.3]',
    'site.yaml:11:43: cameras[0].zones[0].polygon[2]: A point has two numbers, [x, y]; this one has 1.\n    Write [x, y], such as [0.1, 0.25].',
  ],
  [
    'points without brackets are explained',
    '[[0.1, 0.2], [0.3, 0.2], [0.3, 0.6]]',
    '[0.1, 0.2, 0.3]',
    'site.yaml:11:19: cameras[0].zones[0].polygon[0]: The number 0.1 stands where a point is needed.\n    Write a point as [x, y], such as [0.1, 0.25].\nsite.yaml:11:24: cameras[0].zones[0].polygon[1]: The number 0.2 stands where a point is needed.\n    Write a point as [x, y], such as [0.1, 0.25].\nsite.yaml:11:29: cameras[0].zones[0].polygon[2]: The number 0.3 stands where a point is needed.\n    Write a point as [x, y], such as [0.1, 0.25].',
  ],
  [
    'two points are no polygon',
    '[[0.1, 0.2], [0.3, 0.2], [0.3, 0.6]]',
    '[[0.1, 0.2], [0.3, 0.2]]',
    'site.yaml:11:18: cameras[0].zones[0].polygon: "polygon" has 2 points, but needs 3.\n    Add at least 1 more.',
  ],
  [
    'a polygon that crosses itself is refused',
    '[[0.1, 0.2], [0.3, 0.2], [0.3, 0.6]]',
    '[[0.1, 0.2], [0.3, 0.6], [0.3, 0.2], [0.1, 0.6]]',
    'site.yaml:11:18: cameras[0].zones[0].polygon: The polygon crosses itself: the side after point 1 crosses the side after point 3.\n    List the corners in the order in which one walks around the area.',
  ],
  [
    'a polygon that touches itself is refused',
    '[0.3, 0.6]]',
    '[0.3, 0.6], [0.2, 0.2], [0.1, 0.6]]',
    'site.yaml:11:18: cameras[0].zones[0].polygon: The polygon touches itself: point 4 lies on the side after point 1.\n    List the corners in the order in which one walks around the area. Draw two zones where two areas meet in a point.',
  ],
  [
    'a polygon that folds back is refused',
    '[0.3, 0.6]]',
    '[0.3, 0.6], [0.3, 0.4]]',
    'site.yaml:11:18: cameras[0].zones[0].polygon: The polygon runs back over itself at point 3.\n    Remove point 3.',
  ],
  [
    'a polygon that is closed by hand repeats a point',
    '[0.3, 0.6]]',
    '[0.3, 0.6], [0.1, 0.2]]',
    'site.yaml:11:18: cameras[0].zones[0].polygon: Points 1 and 4 of the polygon are the same.\n    Remove point 4; the polygon closes by itself.',
  ],
  [
    'a polygon on one line has no area',
    '[0.3, 0.6]]',
    '[0.5, 0.2]]',
    'site.yaml:11:18: cameras[0].zones[0].polygon: The polygon encloses nothing: all its points lie on one line.\n    Draw it around the whole area that is to be hidden.',
  ],
  [
    'a sliver protects nothing',
    '[0.3, 0.6]]',
    '[0.3, 0.20001]]',
    'site.yaml:11:18: cameras[0].zones[0].polygon: The polygon is a sliver: it encloses less than 0.001 % of the picture.\n    Draw it around the whole area that is to be hidden.',
  ],
  [
    'padding takes whole pixels',
    'style: solid',
    'padding: 1.5',
    'site.yaml:12:18: cameras[0].zones[0].padding: The number 1.5 stands where a whole number is needed.\n    Write 2.',
  ],
  [
    'padding has a bound',
    'style: solid',
    'padding: 1000',
    'site.yaml:12:18: cameras[0].zones[0].padding: 1000 is more than 256.\n    Write 256 or less.',
  ],
  [
    'look-ahead has a bound',
    'place: lobby',
    'place: lobby\n    lookAhead: 99',
    'site.yaml:8:16: cameras[0].lookAhead: 99 is more than 50.\n    Write 50 or less.',
  ],
  [
    'a boolean of another language is translated',
    'place: lobby',
    'place: lobby\n    public: yes',
    'site.yaml:8:13: cameras[0].public: The text "yes" stands where true or false is needed.\n    Write true, without quotes.',
  ],
  [
    'a bitrate needs a unit',
    'place: lobby',
    "place: lobby\n    output: { bitrate: '4000' }",
    'site.yaml:8:24: cameras[0].output.bitrate: "4000" is not a bitrate.\n    Write it as 4M or 800k.',
  ],
  [
    'a bitrate in the wrong unit is caught',
    'place: lobby',
    'place: lobby\n    output: { bitrate: 4k }',
    'site.yaml:8:24: cameras[0].output.bitrate: 4k is 4000 bits per second, which no video stream has.\n    Write something between 50k and 200M; 1080p usually takes 2M to 6M.',
  ],
  [
    'a source of a scheme that is not allowed is refused without being quoted',
    'source: clip.mp4',
    'source: http://admin:opensesame@10.0.0.5/mjpeg',
    'site.yaml:14:13: cameras[1].source: Sources of scheme "http:" are not allowed.\n    Use rtsp:// or rtsps://, the path of a file, or demo:lobby.',
  ],
  [
    "FFmpeg's pseudo-protocols are refused",
    'source: clip.mp4',
    'source: concat:a.mp4|b.mp4',
    'site.yaml:14:13: cameras[1].source: Sources of scheme "concat:" are not allowed.\n    Use rtsp:// or rtsps://, the path of a file, or demo:lobby.',
  ],
  [
    'a file needs no scheme',
    'source: clip.mp4',
    'source: file:///srv/clip.mp4',
    'site.yaml:14:13: cameras[1].source: Sources of scheme "file:" are not allowed.\n    Write the path alone, without "file:".',
  ],
  [
    'an unknown demo scene is refused',
    'source: clip.mp4',
    'source: demo:beach',
    'site.yaml:14:13: cameras[1].source: There is no demo scene of that name.\n    Write demo:lobby.',
  ],
  [
    'an address without a host is refused without being quoted',
    'source: clip.mp4',
    'source: rtsp:/admin:opensesame@10.0.0.5/1',
    'site.yaml:14:13: cameras[1].source: This is not a complete RTSP address.\n    Write rtsp://USER:PASSWORD@HOST:PORT/PATH, with "/", "@", "#" and "?" in a password as %2F, %40, %23 and %3F.',
  ],
  [
    'a password with a raw # is no complete address',
    'source: clip.mp4',
    'source: rtsp://admin:open#sesame@10.0.0.5/1',
    'site.yaml:14:13: cameras[1].source: This is not a complete RTSP address.\n    Write rtsp://USER:PASSWORD@HOST:PORT/PATH, with "/", "@", "#" and "?" in a password as %2F, %40, %23 and %3F.',
  ],
  [
    'a password with a raw % is explained',
    'source: clip.mp4',
    'source: rtsp://admin:100%@10.0.0.5/1',
    'site.yaml:14:13: cameras[1].source: The user or the password contains a "%" that is no escape.\n    Write "%" as %25.',
  ],
  [
    'an address with a blank is refused',
    'source: clip.mp4',
    'source: rtsp://10.0.0.5/my stream',
    'site.yaml:14:13: cameras[1].source: The address contains a space or a control character.\n    Remove it, or write a space as %20.',
  ],
  [
    'a password that is a number is not quoted',
    'server: {',
    'server: { rtspUsers: [{ name: me, password: 8675309 }],',
    'site.yaml:3:45: server.rtspUsers[0].password: A number stands where a text is needed.\n    Put it in quotes.',
  ],
  [
    'an unset variable is named',
    '${CAM_PASS}',
    '${CAM_PASSWORD}',
    'site.yaml:6:13: cameras[0].source: The environment variable CAM_PASSWORD is not set.\n    Set it before the start, for example: export CAM_PASSWORD=...',
  ],
  [
    'a variable without its brace is explained',
    'id: dock',
    'id: ${DOCK',
    'site.yaml:13:9: cameras[1].id: A "${" is not closed.\n    Write ${NAME} with letters, digits and "_"; for a literal "${" write "$${".',
  ],
  [
    'a variable with a shell default is refused',
    'place: yard',
    'place: ${PLACE:-yard}',
    'site.yaml:15:12: cameras[1].place: What stands in ${...} is not the name of a variable.\n    Write ${NAME} with letters, digits and "_"; for a literal "${" write "$${".',
  ],
  [
    'who turns a camera must be named where its source is a file',
    'place: yard',
    'place: yard\n    ptz: { preset: Gate }',
    'site.yaml:16:5: cameras[1].ptz: Who turns this camera cannot be told from its source, which is no RTSP address.\n    Add "service: http://USER:PASSWORD@HOST/onvif/device_service" under "ptz".',
  ],
  [
    'keys that only files have are refused elsewhere',
    'place: lobby',
    'place: lobby\n    loop: true',
    'site.yaml:8:5: cameras[0].loop: "loop" is for files, and this source is none.\n    Remove it, or use a file.',
  ],
  [
    'TLS keys are refused without TLS',
    'place: lobby',
    'place: lobby\n    tls: { verify: false }',
    'site.yaml:8:5: cameras[0].tls: "tls" is for rtsps:// cameras, and this source is none.\n    Remove it, or use rtsps://.',
  ],
  [
    'a transport is refused for files',
    'place: yard',
    'place: yard\n    transport: tcp',
    'site.yaml:16:5: cameras[1].transport: "transport" is for RTSP cameras, and this source is none.\n    Remove it, or use rtsp://.',
  ],
  [
    'a push goes to RTSP only',
    'place: yard',
    'place: yard\n    publish: rtmp://live/key',
    'site.yaml:16:14: cameras[1].publish: This is not an RTSP address.\n    Write rtsp://HOST/PATH or rtsps://HOST/PATH.',
  ],
  [
    'a push may be a list, each entry checked',
    'place: yard',
    'place: yard\n    publish: [rtsp://10.0.0.9/a, 5]',
    'site.yaml:16:34: cameras[1].publish[1]: A number stands where a text is needed.\n    Put it in quotes.',
  ],
  [
    'an address without a port is refused',
    '127.0.0.1:8080',
    '127.0.0.1',
    'site.yaml:3:17: server.http: "127.0.0.1" is not an address to listen on.\n    Write an IP address and a port, such as 127.0.0.1:8080 (IPv6 in brackets: [::1]:8080).',
  ],
  [
    'a port beyond the last is refused',
    '127.0.0.1:8080',
    '127.0.0.1:80800',
    'site.yaml:3:17: server.http: There is no port 80800.\n    Ports end at 65535.',
  ],
  [
    'a host name to listen on is refused',
    '127.0.0.1:8080',
    'gateway.local:8080',
    'site.yaml:3:17: server.http: "gateway.local" is not an IP address.\n    Write the IP address of the interface to listen on, or localhost.',
  ],
  [
    'an HTTP address open to the network needs a proxy',
    '127.0.0.1:8080',
    '0.0.0.0:8080',
    'site.yaml:3:17: server.http: 0.0.0.0 can be reached from the network.\n    Use 127.0.0.1, add "tls", or put a TLS proxy in front and add "behindProxy: true".',
  ],
  [
    'an RTSP address open to the network needs users or a guarded network',
    '127.0.0.1:8554',
    "'[::]:8554'",
    'site.yaml:3:39: server.rtsp: :: can be reached from the network.\n    Use 127.0.0.1, or add "rtspUsers", or "behindProxy: true" where the network itself is guarded.',
  ],
  [
    'both listeners cannot have one port',
    '127.0.0.1:8554',
    '127.0.0.1:8080',
    'site.yaml:3:39: server.rtsp: HTTP and RTSP cannot both listen on port 8080.\n    Give one of them another port.',
  ],
  [
    'a user name with a colon is refused',
    'server: {',
    "server: { rtspUsers: [{ name: 'a:b', password: x }],",
    'site.yaml:3:31: server.rtspUsers[0].name: The name contains a colon, a quote, a backslash or a control character.\n    Use letters and digits.',
  ],
  [
    'an unknown rule pack is refused',
    'responsibleUnit: Hotel Ltd',
    'responsibleUnit: Hotel Ltd, rules: cn-2021',
    'site.yaml:2:57: site.rules: "cn-2021" is not known here.\n    Did you mean "cn-2012"? Known: cn-2012, cn-799-2025.',
  ],
  [
    'a responsible unit may be a group, each key checked',
    'responsibleUnit: Hotel Ltd',
    'responsibleUnit: { name: Hotel Ltd, type: stateorgan }',
    'site.yaml:2:64: site.responsibleUnit.type: "stateorgan" is not known here.\n    Did you mean "state-organ"? Known: company, state-organ, institution, association, individual, other.',
  ],
  [
    'a responsible unit that is a list is refused',
    'responsibleUnit: Hotel Ltd',
    'responsibleUnit: [Hotel Ltd]',
    'site.yaml:2:39: site.responsibleUnit: A list stands where a text is needed.\n    Write a text.',
  ],
  [
    'an empty name is refused',
    'name: Hotel,',
    "name: '',",
    'site.yaml:2:15: site.name: The text is empty.\n    Write something, or remove the key.',
  ],
  [
    'an empty file is refused',
    VALID,
    '# nothing yet\n',
    'site.yaml:1:1: (document): The file is empty.\n    zones/example.yaml shows what belongs into it.',
  ],
  [
    'a list instead of a site is refused',
    VALID,
    '- version: 1\n',
    'site.yaml:1:1: (document): A list stands where a group of keys is needed.\n    Write its keys below, indented, or { key: value }.',
  ],
  [
    'a repeated key is refused',
    'place: lobby',
    'place: lobby\n    place: corridor',
    'site.yaml:8:5: cameras[0].place: The key "place" stands here for the second time.\n    Remove one of the two.',
  ],
  [
    'a missing bracket is reported once, and what follows from it is not',
    '[0.3, 0.6]]',
    '[0.3, 0.6]',
    'site.yaml:12:9: cameras[0].zones[0].style: The indentation does not fit, or a bracket is not closed.\n    Align it with its neighbours, by spaces; close "[" and "{".',
  ],
  [
    'a missing quote is reported where it opens',
    'name: Hotel,',
    "name: 'Hotel,",
    'site.yaml:2:15: site.name: The quote that opens here is never closed.\n    Close it.',
  ],
  [
    'a tab is named',
    '    place: lobby',
    '\tplace: lobby',
    'site.yaml:7:1: cameras[0]: The line is indented by a tab.\n    Indent by spaces.',
  ],
  [
    'a tag is refused',
    'place: lobby',
    'place: !secret lobby',
    'site.yaml:7:12: cameras[0].place: Tags ("!...") are not allowed.\n    Remove the tag, or put the text in quotes.',
  ],
  [
    'an unknown alias is refused',
    'place: lobby',
    'place: *lobby',
    'site.yaml:7:12: cameras[0].place: This "*" names no anchor above it.\n    Write out what is meant; put a text that begins with "*" in quotes.',
  ],
  [
    'a second document is refused',
    '  - id: dock',
    '---\n  - id: dock',
    'site.yaml:13:1: (document): A second document begins here.\n    Remove the "---" line: a site file is one document.',
  ],
  [
    'a list as a key is refused',
    'place: lobby',
    '[a, b]: lobby',
    'site.yaml:7:5: cameras[0]: A list or a group of keys stands where a key is needed.\n    Write a word, then ":".',
  ],
  [
    'an alias of itself is refused',
    '    zones: []\n',
    '    zones: &z [*z]\n',
    'site.yaml:16:15: cameras[1].zones[0]: A list stands where a group of keys is needed.\n    Write its keys below, indented, or { key: value }.\nsite.yaml:16:16: cameras[1].zones[0][0]: This "*" names an anchor that contains it.\n    Write out what is meant; put a text that begins with "*" in quotes.\nsite.yaml:17:5: cameras[1].unmasked: "unmasked" says that nothing is masked, but zones are.\n    Remove "unmasked", or the zones.',
  ],
  [
    'a colon in a text is explained',
    'Hotel Ltd }',
    'Hotel Ltd }\nx: y: z',
    'site.yaml:3:1: x: There is no key "x" here.\n    Remove it. Known here: version, site, server, storage, vision, zones, commissioning, alerts, retention, notify, cameras.\nsite.yaml:3:4: x.y: There are two ": " in one line, or a key is not aligned.\n    Put a text that contains ": " in quotes; align keys by spaces.',
  ],
  [
    'an unmasked camera masks no people',
    'zones: []',
    'mask: people\n    zones: []',
    'site.yaml:18:5: cameras[1].unmasked: "unmasked" says that nothing is masked, but people are.\n    Remove "unmasked", or "mask".',
  ],
  [
    'a place of Art. 15 is masked as a whole',
    'kind: restroom',
    'kind: restroom\n        mask: people',
    'site.yaml:11:9: cameras[0].zones[0].mask: A restroom (Art. 15) is masked as a whole.\n    Remove the key.',
  ],
  [
    'staying is told by an alert',
    'kind: restroom',
    'kind: restroom\n        onPerson: count\n        dwell: 60',
    'site.yaml:12:9: cameras[0].zones[0].dwell: "dwell" is told by an alert, and none is asked for.\n    Add "onPerson: alert".',
  ],
  [
    'a tag and, after it, a wrong word are both reported',
    'place: lobby',
    'place: !x lobby\n    lookAhead: 60',
    'site.yaml:7:12: cameras[0].place: Tags ("!...") are not allowed.\n    Remove the tag, or put the text in quotes.\nsite.yaml:8:16: cameras[0].lookAhead: 60 is more than 50.\n    Write 50 or less.',
  ],
  [
    'an unset variable does not hide a later mistake',
    '${CAM_PASS}',
    '${NOPE}@10.0.0.5/1\n    lookAhead: 60\n    approval: "${NOPE}',
    'site.yaml:6:13: cameras[0].source: The environment variable NOPE is not set.\n    Set it before the start, for example: export NOPE=...\nsite.yaml:7:16: cameras[0].lookAhead: 60 is more than 50.\n    Write 50 or less.\nsite.yaml:8:15: cameras[0].approval: The quote that opens here is never closed.\n    Close it.\nsite.yaml:8:15: cameras[0].approval: The environment variable NOPE is not set.\n    Set it before the start, for example: export NOPE=...',
  ],
  [
    'aliases that unfold without end are refused',
    '    unmasked: The',
    '    sign: { expect: [&a [x,x,x,x,x,x,x,x,x,x], &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a], &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b], &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c], &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d], [*e,*e]] }\n    unmasked: The',
    'site.yaml:17:30: cameras[1].sign.expect[4][2][9][7][7][2]: The aliases of this file unfold to too much.\n    Write out what "*" repeats.',
  ],
  [
    'deep nesting is refused before it is composed',
    'zones: []',
    'zones: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[',
    'site.yaml:16:42: (document): More than 32 levels are nested here.\n    Close the brackets and braces; a site file needs eight levels.',
  ],
];

describe('a site file', () => {
  test('that is valid loads', () => {
    expect(messageOf(VALID)).toBe('no problem');
  });

  test('with mask: people has one zone more, of the whole picture, and needs no reason for no others', () => {
    const text = VALID.replace('zones: []', 'mask: people\n    zones: []').replace(/^ *unmasked: .*\n/m, '');
    expect(parseSite(text, 'site.yaml', ENV).site.cameras[1]!.zones).toEqual([EVERYBODY]);
  });

  test.each(CASES)('%s', (_behaviour, from, to, message) => {
    expect(VALID).toContain(from);
    expect(messageOf(VALID.replace(from, () => to))).toBe(message);
  });
});
