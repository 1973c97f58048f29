package dev.weft.translate;

import dev.weft.config.ConfigKind;
import dev.weft.config.ObjectRef;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the metadata of clusters and routes name the object that they are made of. Istio:
 * pilot/pkg/networking/util, {@code BuildConfigInfoMetadata}.
 */
final class ObjectPath {
  private static final Pattern PATH =
      Pattern.compile("/apis/([^/]+)/[^/]+/namespaces/([^/]+)/([^/]+)/([^/]+)");

  private ObjectPath() {}

  static String of(ObjectRef ref) {
    return "/apis/"
        + ref.kind().group()
        + "/v1alpha3/namespaces/"
        + ref.namespace()
        + "/"
        + word(ref.kind())
        + "/"
        + ref.name();
  }

  /** Empty where it names no object of ours. */
  static Optional<ObjectRef> parse(String path) {
    Matcher parts = PATH.matcher(path);
    if (!parts.matches()) {
      return Optional.empty();
    }
    for (ConfigKind kind : ConfigKind.values()) {
      if (kind.group().equals(parts.group(1)) && word(kind).equals(parts.group(3))) {
        return Optional.of(new ObjectRef(kind, parts.group(2), parts.group(4)));
      }
    }
    return Optional.empty();
  }

  /** {@code virtual-service} */
  private static String word(ConfigKind kind) {
    return kind.kind().replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }
}
