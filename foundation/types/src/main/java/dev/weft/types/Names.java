package dev.weft.types;

import java.util.regex.Pattern;

/** The name rules of Kubernetes (RFC 1123). */
public final class Names {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private Names() {}

  public static boolean isLabel(String name) {
    return LABEL.matcher(name).matches();
  }

  /**
   * Returns the name.
   *
   * @throws IllegalArgumentException naming {@code what} and the value where it is no DNS label
   */
  public static String requireLabel(String what, String name) {
    if (!isLabel(name)) {
      throw new IllegalArgumentException(
          what
              + " '"
              + name
              + "' is not a DNS label: lower case letters, digits and '-', at most 63");
    }
    return name;
  }
}
