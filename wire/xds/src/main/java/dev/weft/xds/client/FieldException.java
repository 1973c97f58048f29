package dev.weft.xds.client;

/** A field that cannot be accepted, named by its path within the resource. */
public final class FieldException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String field;
  private final String reason;

  /**
   * A refusal.
   *
   * @param field {@code filter_chains[0].filters[1]}; empty for the resource as a whole
   * @param reason what is wrong and what would be accepted
   */
  public FieldException(String field, String reason) {
    super(field + ": " + reason);
    this.field = field;
    this.reason = reason;
  }

  public String field() {
    return field;
  }

  public String reason() {
    return reason;
  }
}
