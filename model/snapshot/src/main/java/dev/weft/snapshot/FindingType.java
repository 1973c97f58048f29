package dev.weft.snapshot;

import java.util.Locale;
import java.util.Optional;

/**
 * The kind of a finding, as a status names it: Istio's {@code AnalysisMessageBase.Type}.
 *
 * @param name Istio's where the code is Istio's; else the code in the same spelling
 * @param documentation where the code is Istio's
 */
public record FindingType(String code, String name, Optional<String> documentation) {

  private static final String DOCUMENTATION =
      "https://istio.io/latest/docs/reference/config/analysis/";

  /** Of the code of a diagnostic. */
  public static FindingType of(String code) {
    return IstioCode.of(code)
        .map(
            known ->
                new FindingType(
                    code,
                    known.title(),
                    Optional.of(DOCUMENTATION + code.toLowerCase(Locale.ROOT) + "/")))
        .orElseGet(() -> new FindingType(code, camelCase(code), Optional.empty()));
  }

  private static String camelCase(String words) {
    StringBuilder name = new StringBuilder();
    for (String word : words.split("-", -1)) {
      if (!word.isEmpty()) {
        name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
      }
    }
    return name.toString();
  }
}
