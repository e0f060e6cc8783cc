#!/usr/bin/python3
"""A media server that is not ours: takes what is published to /cam, decodes it, and prints a line for each picture.

    gst-record-server.py CODEC [USER PASSWORD]      prints 'ready PORT', then 'picture WIDTH HEIGHT' ..., 'gone' at the end of a session
"""
import sys, gi
gi.require_version('Gst', '1.0')
gi.require_version('GstRtsp', '1.0')
gi.require_version('GstRtspServer', '1.0')
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer

Gst.init(None)
codec = sys.argv[1]


def say(*words):
    print(*words, flush=True)


class Factory(GstRtspServer.RTSPMediaFactory):
    def __init__(self):
        super().__init__()
        self.set_transport_mode(GstRtspServer.RTSPTransportMode.RECORD)
        self.set_launch(f'( rtp{codec}depay name=depay0 ! avdec_{codec} ! fakesink name=sink sync=false signal-handoffs=true )')

    def do_configure(self, media):
        GstRtspServer.RTSPMediaFactory.do_configure(self, media)
        sink = media.get_element().get_by_name('sink')

        def picture(_sink, _buffer, pad):
            caps = pad.get_current_caps().get_structure(0)
            say('picture', caps.get_int('width')[1], caps.get_int('height')[1])

        sink.connect('handoff', picture)
        media.connect('unprepared', lambda _media: say('gone'))


server = GstRtspServer.RTSPServer()
server.set_address('127.0.0.1')
server.set_service('0')
factory = Factory()
if len(sys.argv) > 3:
    user, password = sys.argv[2:4]
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, 'publisher')
    auth.add_digest(user, password, token)
    server.set_auth(auth)
    role = Gst.Structure.new_empty('publisher')
    role.set_value(GstRtspServer.RTSP_PERM_MEDIA_FACTORY_ACCESS, True)
    role.set_value(GstRtspServer.RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, True)
    factory.add_role_from_structure(role)
server.get_mount_points().add_factory('/cam', factory)
server.attach(None)
say('ready', server.get_bound_port())
GLib.MainLoop().run()
