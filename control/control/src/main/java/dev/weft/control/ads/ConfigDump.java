package dev.weft.control.ads;

import dev.weft.xds.Holding;
import dev.weft.xds.ResourceSet;

/**
 * What a proxy should hold by the newest snapshot, and what it holds.
 *
 * @param held what it asked for, and was sent
 */
public record ConfigDump(ProxyStatus proxy, ResourceSet resources, Holding held) {}
