package dev.weft.snapshot;

import dev.weft.types.AppProtocol;

/**
 * A port of a service.
 *
 * @param number the service port, not the target port
 * @param name endpoints are matched by it; empty where the service has one unnamed port
 */
public record ServicePort(int number, String name, AppProtocol protocol) {}
