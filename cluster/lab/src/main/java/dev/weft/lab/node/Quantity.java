package dev.weft.lab.node;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** A Kubernetes quantity such as {@code 100m} or {@code 1Gi}. */
record Quantity(BigDecimal value) {
  private static final Map<String, BigDecimal> SUFFIXES =
      Map.ofEntries(
          Map.entry("m", new BigDecimal("0.001")),
          Map.entry("k", BigDecimal.TEN.pow(3)),
          Map.entry("M", BigDecimal.TEN.pow(6)),
          Map.entry("G", BigDecimal.TEN.pow(9)),
          Map.entry("T", BigDecimal.TEN.pow(12)),
          Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
          Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
          Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
          Map.entry("Ti", BigDecimal.valueOf(1L << 40)));

  /** What cannot be read counts as zero: the API server has refused it before. */
  static Quantity parse(String text) {
    int digits = 0;
    while (digits < text.length() && "0123456789.+-".indexOf(text.charAt(digits)) >= 0) {
      digits++;
    }
    String suffix = text.substring(digits);
    BigDecimal factor = suffix.isEmpty() ? BigDecimal.ONE : SUFFIXES.get(suffix);
    try {
      return new Quantity(
          factor == null
              ? BigDecimal.ZERO
              : new BigDecimal(text.substring(0, digits)).multiply(factor));
    } catch (NumberFormatException e) {
      return new Quantity(BigDecimal.ZERO);
    }
  }

  /** How many divisors, rounded up, as {@code resourceFieldRef} counts. */
  String dividedBy(Quantity divisor) {
    BigDecimal by = divisor.value.signum() == 0 ? BigDecimal.ONE : divisor.value;
    return value.divide(by, 0, RoundingMode.CEILING).toPlainString();
  }
}
