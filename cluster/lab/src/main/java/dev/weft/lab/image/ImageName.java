package dev.weft.lab.image;

import java.util.regex.Pattern;

/**
 * An image's name without tag and digest.
 *
 * @param full with the registry and path, for example {@code docker.io/istio/proxyv2}
 * @param last the last part, for example {@code proxyv2}
 */
record ImageName(String full, String last) {

  static ImageName parse(String name) {
    int digest = name.indexOf('@');
    String full = digest < 0 ? name : name.substring(0, digest);
    int slash = full.lastIndexOf('/');
    // A colon before the last slash belongs to a registry's port.
    int tag = full.indexOf(':', slash + 1);
    full = tag < 0 ? full : full.substring(0, tag);
    return new ImageName(full, full.substring(full.lastIndexOf('/') + 1));
  }

  /**
   * @param pattern with * for anything; compared with the last part, or with all where it has a
   *     slash
   */
  boolean matches(String pattern) {
    StringBuilder regex = new StringBuilder();
    for (String literal : pattern.split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
    }
    return (pattern.contains("/") ? full : last).matches(regex.toString());
  }
}
