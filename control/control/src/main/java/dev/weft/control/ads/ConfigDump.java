package dev.weft.control.ads;

import dev.weft.xds.ResourceSet;

/** What a proxy should hold by the newest snapshot. */
public record ConfigDump(ProxyStatus proxy, ResourceSet resources) {}
