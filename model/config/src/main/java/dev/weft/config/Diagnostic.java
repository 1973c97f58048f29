package dev.weft.config;

/**
 * Something that a user should know about what they wrote, or about what the mesh made of it.
 *
 * @param code stable, for filters and documentation, such as {@code unknown-field}
 * @param object for example {@code DestinationRule shop/cart} or {@code Service shop/cart (cluster
 *     west)}
 * @param path the field, such as {@code spec.subsets[0].labels}; empty where the whole object is
 *     meant
 * @param message what is wrong and what to do about it
 */
public record Diagnostic(Severity severity, String code, String object, String path, String message)
    implements Comparable<Diagnostic> {

  /** How much of what was asked for takes effect. */
  public enum Severity {
    /** The object, or the named part of it, has no effect. */
    ERROR,
    /** It has effect, probably not the intended one. */
    WARNING,
    /** Worth knowing. */
    NOTE
  }

  public static Diagnostic error(String code, String object, String path, String message) {
    return new Diagnostic(Severity.ERROR, code, object, path, message);
  }

  public static Diagnostic warning(String code, String object, String path, String message) {
    return new Diagnostic(Severity.WARNING, code, object, path, message);
  }

  public static Diagnostic note(String code, String object, String path, String message) {
    return new Diagnostic(Severity.NOTE, code, object, path, message);
  }

  @Override
  public int compareTo(Diagnostic other) {
    int bySeverity = severity.compareTo(other.severity);
    if (bySeverity != 0) {
      return bySeverity;
    }
    int byObject = object.compareTo(other.object);
    if (byObject != 0) {
      return byObject;
    }
    int byPath = path.compareTo(other.path);
    if (byPath != 0) {
      return byPath;
    }
    int byCode = code.compareTo(other.code);
    return byCode != 0 ? byCode : message.compareTo(other.message);
  }
}
