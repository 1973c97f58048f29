package dev.weft.provision;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kubernetes quantities (apimachinery resource.Quantity) as far as equality needs them. */
final class Quantities {
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?");

  private Quantities() {}

  /** Whether both are quantities, and the same amount. */
  static boolean equal(String one, String other) {
    Optional<BigDecimal> a = amount(one);
    Optional<BigDecimal> b = amount(other);
    return a.isPresent() && b.isPresent() && a.get().compareTo(b.get()) == 0;
  }

  private static Optional<BigDecimal> amount(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    String suffix = m.group(2);
    BigDecimal factor =
        switch (suffix == null ? "" : suffix) {
          case "m" -> new BigDecimal("0.001");
          case "k" -> new BigDecimal(1_000L);
          case "M" -> new BigDecimal(1_000_000L);
          case "G" -> new BigDecimal(1_000_000_000L);
          case "T" -> new BigDecimal(1_000_000_000_000L);
          case "Ki" -> new BigDecimal(1L << 10);
          case "Mi" -> new BigDecimal(1L << 20);
          case "Gi" -> new BigDecimal(1L << 30);
          case "Ti" -> new BigDecimal(1L << 40);
          default -> BigDecimal.ONE;
        };
    return Optional.of(new BigDecimal(m.group(1)).multiply(factor));
  }
}
