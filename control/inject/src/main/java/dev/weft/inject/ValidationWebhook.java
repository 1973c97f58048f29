package dev.weft.inject;

import dev.weft.config.ConfigObject;
import dev.weft.config.Diagnostic;
import dev.weft.config.Diagnostic.Severity;
import dev.weft.config.Parsed;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The validating webhook for Istio objects: what has an error is refused with the reasons, what has
 * warnings is admitted with them. What it knows is what the mesh's own parsers know, and what the
 * mesh as it is now has to say. Served at {@code /validate}.
 */
public final class ValidationWebhook {
  /** Where the webhook is served. */
  public static final String PATH = "/validate";

  private final Function<ConfigObject, List<Diagnostic>> mesh;

  /**
   * @param mesh what else is known of an object from the mesh as it is now, which is no reason to
   *     refuse it: what it lacks may come later
   */
  public ValidationWebhook(Function<ConfigObject, List<Diagnostic>> mesh) {
    this.mesh = mesh;
  }

  /** Answers an AdmissionReview with an AdmissionReview. */
  public byte[] handle(byte[] body) {
    return Admission.answer(body, this::judge);
  }

  private Admission.Verdict judge(Admission review) {
    if (!review.object().isObject()) {
      // A deletion has no new object to judge.
      return Admission.Verdict.unchanged(List.of());
    }
    Parsed parsed = IstioValidation.parse(review.object());
    List<Diagnostic> found = parsed.diagnostics();
    String errors =
        found.stream()
            .filter(d -> d.severity() == Severity.ERROR)
            .map(ValidationWebhook::text)
            .distinct()
            .collect(Collectors.joining("; "));
    return errors.isEmpty()
        ? Admission.Verdict.unchanged(
            Stream.concat(
                    found.stream().filter(d -> d.severity() == Severity.WARNING),
                    parsed.value().map(mesh).orElse(List.of()).stream())
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
