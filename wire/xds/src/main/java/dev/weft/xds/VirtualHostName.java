package dev.weft.xds;

import java.util.Optional;

/**
 * The name of a virtual host that is asked for alone: {@code <route table>/<domain>}, as in {@code
 * 80/reviews.default}. Envoy: {@code Vhds}. A host has one such name for each of its domains.
 *
 * @param domain in lower case, without a port
 */
public record VirtualHostName(String table, String domain) {
  public String format() {
    return table + "/" + domain;
  }

  /** Empty where the name does not follow the grammar. */
  public static Optional<VirtualHostName> parse(String name) {
    int slash = name.indexOf('/');
    return slash > 0 && slash < name.length() - 1
        ? Optional.of(new VirtualHostName(name.substring(0, slash), name.substring(slash + 1)))
        : Optional.empty();
  }
}
