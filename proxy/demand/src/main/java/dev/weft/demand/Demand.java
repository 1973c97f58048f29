package dev.weft.demand;

import dev.weft.xds.XdsType;

/** A resource that traffic needs. */
public record Demand(XdsType type, String name) {}
