package dev.weft.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How proxies are started.
 *
 * @param selector labels of their pods; empty for all of the namespace, or of the mesh in the root
 *     namespace
 * @param concurrency event loops; 0 for as many as processors, null where not written
 * @param environment variables of the proxy's container
 * @param imageType what the tag of the image ends with; empty where not written
 */
public record ProxyConfigSpec(
    ObjectMeta meta,
    Map<String, String> selector,
    @Nullable Integer concurrency,
    Map<String, String> environment,
    String imageType)
    implements ConfigObject {
  public ProxyConfigSpec {
    selector = Copies.map(selector);
    environment = Copies.map(environment);
  }
}
