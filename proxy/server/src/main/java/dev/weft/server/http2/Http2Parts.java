package dev.weft.server.http2;

import dev.weft.codec.HeadLimits;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Unframer;

/** What one stream to an endpoint after the other needs. Confined to its connection. */
final class Http2Parts {
  final ResponseHead head = new ResponseHead(HeadLimits.DEFAULT);
  final HeadText text = new HeadText();
  final Unframer unframer = new Unframer();
}
