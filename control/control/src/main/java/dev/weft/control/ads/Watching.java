package dev.weft.control.ads;

import dev.weft.xds.Subscriptions;

/** A connected proxy and what it asked for. */
public record Watching(ProxyStatus proxy, Subscriptions subscriptions) {}
