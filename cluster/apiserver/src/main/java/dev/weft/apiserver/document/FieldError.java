package dev.weft.apiserver.document;

/**
 * One field that is wrong, worded as Kubernetes does (k8s.io/apimachinery
 * pkg/util/validation/field).
 *
 * @param reason such as {@code FieldValueRequired}
 * @param field path such as {@code spec.ports[0].port}
 * @param message without the path
 */
public record FieldError(String reason, String field, String message) {

  public static FieldError required(String field, String detail) {
    return new FieldError(
        "FieldValueRequired", field, "Required value" + (detail.isEmpty() ? "" : ": " + detail));
  }

  /** {@code value} as JSON: strings in quotes. */
  public static FieldError invalid(String field, Object value, String detail) {
    return new FieldError(
        "FieldValueInvalid", field, "Invalid value: " + shown(value) + ": " + detail);
  }

  /** More bytes than a field may have; what is in it is not repeated. */
  public static FieldError tooLong(String field, int max) {
    return new FieldError(
        "FieldValueTooLong", field, "Too long: may not be more than " + max + " bytes");
  }

  public static FieldError duplicate(String field, Object value) {
    return new FieldError("FieldValueDuplicate", field, "Duplicate value: " + shown(value));
  }

  public static FieldError forbidden(String field, String detail) {
    return new FieldError("FieldValueForbidden", field, "Forbidden: " + detail);
  }

  public static FieldError unsupported(String field, Object value, Iterable<String> supported) {
    StringBuilder list = new StringBuilder();
    for (String one : supported) {
      list.append(list.isEmpty() ? "" : ", ").append('"').append(one).append('"');
    }
    return new FieldError(
        "FieldValueNotSupported",
        field,
        "Unsupported value: " + shown(value) + ": supported values: " + list);
  }

  private static String shown(Object value) {
    return value instanceof String text ? Json.NODES.textNode(text).toString() : value.toString();
  }

  @Override
  public String toString() {
    return field + ": " + message;
  }
}
