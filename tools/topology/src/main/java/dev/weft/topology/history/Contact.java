package dev.weft.topology.history;

import dev.weft.topology.Flow;
import dev.weft.topology.Place;

/** That somebody called somebody through a host name. */
public record Contact(Place source, Place destination, String service, Flow.Protocol protocol) {}
