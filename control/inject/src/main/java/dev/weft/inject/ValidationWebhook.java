package dev.weft.inject;

import dev.weft.config.Diagnostic;
import dev.weft.config.Diagnostic.Severity;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The validating webhook for Istio objects: what has an error is refused with the reasons, what has
 * warnings is admitted with them. What it knows is what the mesh's own parsers know. Served at
 * {@code /validate}.
 */
public final class ValidationWebhook {
  /** Where the webhook is served. */
  public static final String PATH = "/validate";

  /** Answers an AdmissionReview with an AdmissionReview. */
  public byte[] handle(byte[] body) {
    return Admission.answer(body, this::judge);
  }

  private Admission.Verdict judge(Admission review) {
    if (!review.object().isObject()) {
      // A deletion has no new object to judge.
      return Admission.Verdict.unchanged(List.of());
    }
    List<Diagnostic> found = IstioValidation.validate(review.object());
    String errors =
        found.stream()
            .filter(d -> d.severity() == Severity.ERROR)
            .map(ValidationWebhook::text)
            .distinct()
            .collect(Collectors.joining("; "));
    return errors.isEmpty()
        ? Admission.Verdict.unchanged(
            found.stream()
                .filter(d -> d.severity() == Severity.WARNING)
                .map(ValidationWebhook::text)
                .toList())
        : Admission.Verdict.refused(errors);
  }

  private static String text(Diagnostic diagnostic) {
    return diagnostic.object()
        + (diagnostic.path().isEmpty() ? "" : ", " + diagnostic.path())
        + ": "
        + diagnostic.message();
  }
}
