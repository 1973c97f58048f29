package dev.weft.proxy.http;

import dev.weft.codec.RequestHead;
import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.HeadView;
import dev.weft.proxy.loop.Worker;

/** A request as it comes in, and where: what all parts of an exchange may know. */
record Received(
    Worker worker,
    DownstreamConnection connection,
    HttpPlan plan,
    RequestHead head,
    HeadView view) {}
