package dev.weft.runtime;

import java.time.Duration;

/**
 * What is done with a connection.
 *
 * @param handshakeTimeout for TLS; zero: the proxy's own limit
 */
public record FilterChain(
    String name,
    ChainMatch match,
    DownstreamTls tls,
    Pipeline pipeline,
    Duration handshakeTimeout) {}
