package dev.weft.inject;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.config.Diagnostic;
import dev.weft.config.Diagnostic.Severity;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The validating webhook for Istio objects: what has an error is refused with the reasons, what has
 * warnings is admitted with them. Served at {@code /validate}.
 */
public final class ValidationWebhook {
  /** Where the webhook is served. */
  public static final String PATH = "/validate";

  private final Function<JsonNode, List<Diagnostic>> validate;

  /** By the parsers that the mesh itself uses. */
  public ValidationWebhook() {
    this(IstioValidation::validate);
  }

  /**
   * @param validate parses an object and says what is wrong with it; nothing for kinds that it does
   *     not know
   */
  public ValidationWebhook(Function<JsonNode, List<Diagnostic>> validate) {
    this.validate = validate;
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
    List<Diagnostic> found = validate.apply(review.object());
    String errors =
        found.stream()
            .filter(d -> d.severity() == Severity.ERROR)
            .map(ValidationWebhook::text)
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
    return (diagnostic.path().isEmpty() ? diagnostic.object() : diagnostic.path())
        + ": "
        + diagnostic.message();
  }
}
