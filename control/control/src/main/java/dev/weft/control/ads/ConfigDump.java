package dev.weft.control.ads;

import dev.weft.xds.ResourceSet;
import dev.weft.xds.Subscription;
import dev.weft.xds.XdsType;
import java.util.Map;

/**
 * What a proxy should hold by the newest snapshot.
 *
 * @param subscriptions what it asked for, and was sent
 */
public record ConfigDump(
    ProxyStatus proxy, ResourceSet resources, Map<XdsType, Subscription> subscriptions) {
  public ConfigDump {
    subscriptions = Map.copyOf(subscriptions);
  }
}
