#!/usr/bin/python3
"""A client that decodes a stream (GStreamer, one thread, nothing held back) and says when each picture came out and its number.

Prints 'asked T' when it asks for the stream, then a line 'T N' a picture: T milliseconds of the monotonic clock, N the number painted
into the picture's top left, or -1 where there is none (a slate). SOURCE is an rtsp:// URL or udp:PORT (plain RTP of H.264).
"""
import argparse
import sys
import time

import gi

gi.require_version('Gst', '1.0')
gi.require_version('GstVideo', '1.0')
from gi.repository import Gst, GstVideo  # noqa: E402

BLOCKS = 16
NUMBER_BITS = 12
# Luma between these is neither a 0 nor a 1: no number.
DARK, BRIGHT = 80, 175


def source_of(where):
    if where.startswith('udp:'):
        caps = 'application/x-rtp,media=video,clock-rate=90000,encoding-name=H264,payload=96'
        return f'udpsrc port={where[4:]} address=127.0.0.1 buffer-size=8000000 caps="{caps}"'
    return f'rtspsrc location={where} latency=0 protocols=tcp timeout=20000000 tcp-timeout=20000000 user-agent=veilgate-bench'


def number_of(buffer, width, height):
    """The 16 blocks of 12 bits and the low 4 inverted that tests/support/canary.ts paints."""
    meta = GstVideo.buffer_get_video_meta(buffer)
    stride, offset = (meta.stride[0], meta.offset[0]) if meta else ((width + 3) // 4 * 4, 0)
    block_width, block_height = round(width / 40), round(height / 30)
    left, top = round(width / 80), round(height / 45)
    row = buffer.extract_dup(offset + (top + block_height // 2) * stride, stride)
    number = check = 0
    for block in range(BLOCKS):
        middle = left + block * block_width + block_width // 2
        luma = sum(row[middle - 2:middle + 2]) / 4
        if DARK <= luma <= BRIGHT:
            return -1
        bit = luma > 127
        if block < NUMBER_BITS:
            number |= bit << block
        else:
            check |= (not bit) << (block - NUMBER_BITS)
    return number if number & 15 == check else -1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('source')
    options = parser.parse_args()
    Gst.init(None)
    pipeline = Gst.parse_launch(
        f'{source_of(options.source)} ! rtph264depay ! h264parse ! avdec_h264 max-threads=1 output-corrupt=false '
        '! video/x-raw,format=I420 ! appsink name=sink sync=false max-buffers=100'
    )
    sink, bus = pipeline.get_by_name('sink'), pipeline.get_bus()
    print(f'asked {time.monotonic() * 1000:.2f}', flush=True)
    pipeline.set_state(Gst.State.PLAYING)
    while True:
        sample = sink.emit('try-pull-sample', 100 * Gst.MSECOND)
        now = time.monotonic() * 1000
        if sample:
            shape = sample.get_caps().get_structure(0)
            number = number_of(sample.get_buffer(), shape.get_int('width')[1], shape.get_int('height')[1])
            print(f'{now:.2f} {number}', flush=True)
            continue
        message = bus.pop_filtered(Gst.MessageType.ERROR | Gst.MessageType.EOS)
        if message:
            why = 'the stream ended' if message.type == Gst.MessageType.EOS else str(message.parse_error())
            pipeline.set_state(Gst.State.NULL)
            sys.exit(why)


main()
