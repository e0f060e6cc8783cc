#!/usr/bin/python3
"""A camera for tests, on GStreamer's RTSP server: a synthetic scene or a looped file, as H.264, H.265 or MJPEG.

Prints 'ready PORT' when it listens on 127.0.0.1, at /cam0 to /camN-1. Needs Debian's python3-gi gir1.2-gst-rtsp-server-1.0
gstreamer1.0-plugins-base -good -bad -ugly gstreamer1.0-rtsp (and glib-networking for --certificate).
"""
import argparse
import sys
import threading
import time

import gi

gi.require_version('Gst', '1.0')
gi.require_version('GstRtsp', '1.0')
gi.require_version('GstRtspServer', '1.0')
from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

CAPS = {
    'h264': 'video/x-h264,stream-format=byte-stream,alignment=au',
    'h265': 'video/x-h265,stream-format=byte-stream,alignment=au',
    'mjpeg': 'image/jpeg',
}
PARSERS = {'h264': 'h264parse config-interval=-1', 'h265': 'h265parse config-interval=-1', 'mjpeg': 'jpegparse'}
PAYLOADERS = {
    'h264': 'rtph264pay name=pay0 pt=96 config-interval={interval} aggregate-mode=zero-latency',
    'h265': 'rtph265pay name=pay0 pt=96 config-interval={interval}',
    'mjpeg': 'rtpjpegpay name=pay0 pt=26',
}
ENCODERS = {
    'h264': 'x264enc tune=zerolatency speed-preset=ultrafast key-int-max={gop} bitrate=1000',
    'h265': 'x265enc tune=zerolatency speed-preset=ultrafast key-int-max={gop} bitrate=1000',
    'mjpeg': 'jpegenc quality=60',
}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--port', default='0', help='0: any free one')
    parser.add_argument('--codec', choices=CAPS, default='h264')
    parser.add_argument('--file', help='to loop instead of the synthetic scene; must hold the codec')
    parser.add_argument('--size', default='320x240', help='of the synthetic scene')
    parser.add_argument('--fps', type=int, default=25)
    parser.add_argument('--gop', type=int, default=25, help='frames from keyframe to keyframe of the synthetic scene')
    parser.add_argument('--mounts', type=int, default=1)
    parser.add_argument('--user')
    parser.add_argument('--password', default='')
    parser.add_argument('--auth', choices=['basic', 'digest'], default='digest')
    parser.add_argument('--audio', action='store_true', help='offer sound before the video')
    parser.add_argument('--protocols', choices=['any', 'tcp', 'udp'], default='any')
    parser.add_argument('--out-of-band', action='store_true', help='parameter sets in the SDP only')
    parser.add_argument('--feedback', action='store_true', help='RTP/AVPF, and an offer to be asked for keyframes (nack pli)')
    parser.add_argument('--certificate', help='PEM with certificate and key: rtsps')
    return parser.parse_args()


def load(path, codec):
    """The access units of a file and their caps, so that looping costs nothing and never pauses."""
    source = f'filesrc location="{path}" ! parsebin ! {PARSERS[codec]} ! {CAPS[codec]} ! appsink name=sink sync=false'
    pipeline = Gst.parse_launch(source)
    sink = pipeline.get_by_name('sink')
    pipeline.set_state(Gst.State.PLAYING)
    units = []
    caps = None
    while (sample := sink.emit('pull-sample')) is not None:
        buffer = sample.get_buffer()
        units.append(buffer.extract_dup(0, buffer.get_size()))
        caps = caps or sample.get_caps().to_string()
    pipeline.set_state(Gst.State.NULL)
    if not units:
        sys.exit(f'nothing to play in {path}')
    # The size is in them, which JPEG's payloader asks for; that of the others reads it in the stream, where it may change.
    return units, caps if codec == 'mjpeg' else CAPS[codec]


class Camera(GstRtspServer.RTSPMediaFactory):
    def __init__(self, options, units, caps):
        super().__init__()
        self.options = options
        self.caps = caps
        self.units = units
        self.set_shared(True)

    def do_create_element(self, url):
        o = self.options
        pay = PAYLOADERS[o.codec].format(interval=0 if o.out_of_band else 1)
        if o.feedback:
            offer = 'application/x-rtp,rtcp-fb-nack-pli=(boolean)true'
            pay = pay.replace('name=pay0 ', '') + f' ! capssetter name=pay0 caps="{offer}"'
        if self.units:
            parser = '' if o.codec == 'mjpeg' else f'! {PARSERS[o.codec]}'
            video = f'appsrc name=source is-live=true format=time caps="{self.caps}" {parser} ! {pay}'
        else:
            width, height = o.size.split('x')
            encoder = ENCODERS[o.codec].format(gop=o.gop)
            raw = f'video/x-raw,format=I420,width={width},height={height},framerate={o.fps}/1'
            parser = '' if o.codec == 'mjpeg' else f'! {o.codec}parse'
            video = f'videotestsrc is-live=true pattern=ball ! {raw} ! {encoder} {parser} ! {pay}'
        audio = 'audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8'
        return Gst.parse_launch(f'( {video} {audio if o.audio else ""} )')

    def do_configure(self, media):
        GstRtspServer.RTSPMediaFactory.do_configure(self, media)
        if not self.units:
            return
        source = media.get_element().get_child_by_name('source')
        stop = threading.Event()
        media.connect('unprepared', lambda _: stop.set())
        threading.Thread(target=self.feed, args=(source, stop), daemon=True).start()

    def feed(self, source, stop):
        duration = Gst.SECOND // self.options.fps
        started = time.monotonic()
        index = 0
        while not stop.is_set():
            buffer = Gst.Buffer.new_wrapped(self.units[index % len(self.units)])
            buffer.pts = buffer.dts = index * duration
            buffer.duration = duration
            if source.emit('push-buffer', buffer) != Gst.FlowReturn.OK:
                break
            index += 1
            stop.wait(max(0, started + index / self.options.fps - time.monotonic()))


def restrict(server, factories, options):
    """Access for one user only, or TLS."""
    auth = GstRtspServer.RTSPAuth()
    if options.certificate:
        auth.set_tls_certificate(Gio.TlsCertificate.new_from_file(options.certificate))
    token = GstRtspServer.RTSPToken()
    token.set_string('media.factory.role', 'viewer')
    if not options.user:
        auth.set_default_token(token)
    elif options.auth == 'basic':
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(options.user, options.password), token)
    else:
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(options.user, options.password, token)
    for factory in factories:
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_role('viewer')
        permissions.add_permission_for_role('viewer', 'media.factory.access', True)
        permissions.add_permission_for_role('viewer', 'media.factory.construct', True)
        factory.set_permissions(permissions)
    server.set_auth(auth)


def main():
    options = parse_arguments()
    Gst.init(None)
    units, caps = load(options.file, options.codec) if options.file else (None, None)
    server = GstRtspServer.RTSPServer()
    server.set_address('127.0.0.1')
    server.set_service(options.port)
    factories = [Camera(options, units, caps) for _ in range(options.mounts)]
    for index, factory in enumerate(factories):
        if options.protocols != 'any':
            lower = GstRtsp.RTSPLowerTrans
            factory.set_protocols(lower.TCP if options.protocols == 'tcp' else lower.UDP)
        if options.feedback:
            factory.set_profiles(GstRtsp.RTSPProfile.AVPF)
        server.get_mount_points().add_factory(f'/cam{index}', factory)
    if options.user or options.certificate:
        restrict(server, factories, options)
    if server.attach(None) == 0:
        sys.exit(f'port {options.port} cannot be listened on')
    print('ready', server.get_bound_port(), flush=True)
    GLib.MainLoop().run()


main()
