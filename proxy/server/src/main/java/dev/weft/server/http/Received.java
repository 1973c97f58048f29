package dev.weft.server.http;

import dev.weft.codec.RequestHead;
import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.HeadView;
import dev.weft.server.worker.Worker;

/** A request as it comes in, and where: what all parts of an exchange may know. */
record Received(
    Worker worker,
    DownstreamConnection connection,
    HttpPlan plan,
    RequestHead head,
    HeadView view) {}
